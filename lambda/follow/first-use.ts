import type { AuditEvent } from '../audit/audit-record.ts';
import type { FirstUse } from '../findings/finding.ts';
import { stringAt, stringsAt } from '../json/read-json.ts';

const maxAddresses = 5;
const maxCharacters = 300;

/** From where and with what a certificate was used first. */
export function firstUseOf(event: AuditEvent, time: string | undefined): FirstUse {
  const userAgent = stringAt(event, 'userAgent');
  return {
    ...(time === undefined ? {} : { time }),
    // the last addresses: a client can set the others
    sourceIPs: stringsAt(event, 'sourceIPs').slice(-maxAddresses).map(cut),
    ...(userAgent === undefined ? {} : { userAgent: cut(userAgent) }),
  };
}

function cut(text: string): string {
  return text.slice(0, maxCharacters);
}
