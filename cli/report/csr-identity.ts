import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import { requestKey } from '../../lambda/findings/request-key.ts';
import { stringAt } from '../../lambda/json/read-json.ts';
import { shownIfAny } from './shown-text.ts';

/** What distinguishes the CSR of an event from others. */
export interface CsrIdentity {
  readonly cluster: string | undefined;
  readonly uid: string | undefined;
  readonly name: string | undefined;
  /** Of the request: the event of a creation may lack the name that the API server generates. */
  readonly request: string;
}

/** Compared with the identities of stories, so names are written as they are there. */
export function csrIdentity(record: Pick<AuditRecord, 'event' | 'cluster'>): CsrIdentity {
  const { event, cluster } = record;
  const ofObject = (key: string) =>
    stringAt(event, 'objectRef', key) ??
    stringAt(event, 'responseObject', 'metadata', key) ??
    stringAt(event, 'requestObject', 'metadata', key);
  return {
    cluster: shownIfAny(cluster, 100),
    uid: shownIfAny(ofObject('uid'), 100),
    name: shownIfAny(ofObject('name'), 300),
    request: requestKey(record),
  };
}
