import { annotationOf } from '../../audit/field-table.ts';
import { stringAt } from '../../json/read-json.ts';
import { bodiesOf } from '../event-body.ts';
import { type Circumstances, type ReadSignal, short } from './circumstances.ts';

export const refusedAttempt: ReadSignal = ({ outcome, responseCode, event }) => {
  if (outcome !== 'refused') return undefined;
  const decision = annotationOf(event, 'authorization_k8s_io/decision');
  const message = stringAt(event, 'responseStatus', 'message');
  const how =
    decision === 'allow' ? `Authorized, then refused with ${responseCode}` : `Refused with ${responseCode}`;
  return {
    id: 'refused-attempt',
    sentence: `${how}: an attempt, which changed nothing.`,
    evidence: { code: responseCode, ...(message === undefined ? {} : { message: short(message) }) },
  };
};

export const dryRun: ReadSignal = ({ outcome }) =>
  outcome === 'dry-run'
    ? { id: 'dry-run', sentence: 'A dry run: nothing was stored, but it would have been allowed.' }
    : undefined;

function isTruncated({ event }: Circumstances): boolean {
  return annotationOf(event, 'audit_k8s_io/truncated') !== undefined;
}

export const bodyTruncated: ReadSignal = (about) =>
  isTruncated(about)
    ? {
        id: 'body-truncated',
        sentence:
          'The event was too large for the log and lost its bodies (audit.k8s.io/truncated), as anyone can bring about: look at the request in the cluster.',
      }
    : undefined;

/** Not of a refusal, whose body the API server needn't have read, or of a stage before it was. */
export const bodyMissing: ReadSignal = (about) => {
  const isEarly = stringAt(about.event, 'stage') === 'RequestReceived';
  if (about.phase === 'deleted' || about.outcome === 'refused' || isEarly || isTruncated(about))
    return undefined;
  if (bodiesOf(about.event).length > 0) return undefined;
  return {
    id: 'body-missing',
    sentence: `The log holds no body of it, so it can't be told what was asked for${about.outcome === 'dry-run' ? '' : ': look at the request in the cluster'}.`,
  };
};

export const unparseableRequest: ReadSignal = ({ request: { parseError } }) =>
  parseError === undefined
    ? undefined
    : {
        id: 'unparseable-request',
        sentence: `The certificate request can't be read as the API server reads it: ${short(parseError)}.`,
        evidence: short(parseError),
      };

export const unparseableCertificate: ReadSignal = ({ reading: { certificateError } }) =>
  certificateError === undefined
    ? undefined
    : {
        id: 'unparseable-certificate',
        sentence: `A certificate was written that can't be read: ${short(certificateError)}.`,
        evidence: short(certificateError),
      };
