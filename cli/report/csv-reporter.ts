import { subjectOf } from '../../lambda/findings/certificate-use.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { subjectText } from '../../lambda/findings/subject-text.ts';
import { stringAt } from '../../lambda/json/read-json.ts';
import { placeText } from '../../lambda/text/place-text.ts';
import { visible } from '../../lambda/text/visible-text.ts';
import type { Print, Reporter } from './reporter.ts';

type Value = string | number | null | undefined;

/** In this order; columns may be added at the end. */
const columns: readonly (readonly [name: string, read: (finding: Finding) => Value])[] = [
  ['time', ({ time }) => time],
  ['severity', ({ severity }) => severity],
  ['rule', ({ rule }) => rule.id],
  ['phase', ({ phase }) => phase],
  ['outcome', ({ outcome }) => outcome],
  ['cluster', ({ cluster }) => cluster],
  ['actor', ({ actor }) => actor.name],
  ['impersonated', ({ actor }) => actor.impersonated?.name],
  ['source_addresses', ({ actor }) => actor.sourceIPs.join(' ')],
  ['user_agent', ({ actor }) => actor.userAgent],
  ['verb', ({ verb }) => verb],
  ['resource', ({ resource }) => resource],
  ['subresource', ({ subresource }) => subresource],
  ['namespace', ({ event }) => stringAt(event, 'objectRef', 'namespace')],
  ['name', ({ request }) => request.name],
  ['uid', ({ request }) => request.uid],
  ['requester', ({ request }) => request.requester],
  ['signer', ({ request }) => request.signerName],
  ['subject', (finding) => subjectOfFinding(finding)],
  ['certificate_sha256', ({ certificate }) => certificate?.sha256],
  ['certificate_not_after', ({ certificate }) => certificate?.notAfter],
  ['response_code', ({ responseCode }) => responseCode],
  ['signals', ({ signals }) => signals.map(({ id }) => id).join(' ')],
  ['audit_id', ({ event }) => stringAt(event, 'auditID')],
  ['place', ({ place }) => placeText(place)],
  ['id', ({ id }) => id],
];

const maxCharacters = 2_000;

/** One finding per row, as RFC 4180 defines it, with the names of the columns in the first. */
export function csvReporter(print: Print): Reporter {
  const header = `${columns.map(([name]) => name).join(',')}\r\n`;
  let isBegun = false;
  const begin = async () => {
    if (!isBegun) await print(header);
    isBegun = true;
  };
  return {
    async item(item) {
      if (item.kind !== 'finding') return;
      await begin();
      const { finding } = item;
      await print(`${columns.map(([, read]) => cell(read(finding))).join(',')}\r\n`);
    },
    end: begin,
  };
}

function subjectOfFinding(finding: Finding): string | undefined {
  const subject = subjectOf(finding);
  return subject && subjectText(subject, 8, visible);
}

/** A spreadsheet runs a cell that begins with one of these characters as a formula: an apostrophe makes it text. */
function cell(value: Value): string {
  if (value === undefined || value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = visible(value, maxCharacters);
  const inert = /^[=+\-@]/.test(text) ? `'${text}` : text;
  return /[",]/.test(inert) || inert !== inert.trim() ? `"${inert.replaceAll('"', '""')}"` : inert;
}
