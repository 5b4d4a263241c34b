import type { Fact } from '../../lambda/findings/finding-facts.ts';
import { counted } from '../amounts.ts';
import type { CertificateUses } from './certificate-uses.ts';
import type { RequestLine } from './request-line.ts';

/** Rows that are listed of each kind. */
const listed = 20;

/** What a certificate was used for, as the end of its story. */
export function usesText(uses: CertificateUses): Fact[] {
  const { count, isCertain } = uses;
  if (count === 0) return [['Uses', unusedText(uses)]];
  const caveat = isCertain
    ? ''
    : ', possibly: the log has no credential ids (Kubernetes before 1.32), and the user name and groups are those of the certificate';
  return [
    ['Uses', `${counted(count, 'request')}${caveat}`],
    ['First use', uses.first ?? 'at an unknown time'],
    ['Last use', uses.last ?? 'at an unknown time'],
    ...table('From', uses.addresses),
    ...table('With', uses.userAgents),
    ...table('Requests', uses.actions),
    ...requests('Sensitive', uses.sensitive),
    ...requests('Refused', uses.refused),
    ...(uses.dropped > 0 ? [['', `${uses.dropped} more sensitive or refused requests`] as const] : []),
  ];
}

/** The same in a few words. */
export function usedText(uses: CertificateUses): string {
  const { count, isCertain, addresses } = uses;
  if (count === 0) return unusedText(uses);
  const [first, ...others] = addresses.keys();
  const from = [first, ...(others.length === 0 ? [] : [`${others.length} more`])].join(' and ');
  return `${isCertain ? '' : 'possibly '}used in ${counted(count, 'request')} from ${from}`;
}

function unusedText({ mayLackUses }: CertificateUses): string {
  return mayLackUses
    ? 'no use with its fingerprint, which Kubernetes logs since 1.32'
    : 'not used in this log';
}

function table(label: string, counts: ReadonlyMap<string, number>): Fact[] {
  const rows = [...counts]
    .sort((a, b) => b[1] - a[1])
    .map(([text, times]) => `${text}${times === 1 ? '' : ` ×${times}`}`);
  return rowsOf(label, rows);
}

function requests(label: string, lines: ReadonlyMap<string, RequestLine>): Fact[] {
  return rowsOf(
    label,
    [...lines.values()].map(
      ({ time, verb, object, code, sensitive }) =>
        `${time ?? 'no time'} ${verb} ${object} ${code ?? '(no answer)'}${sensitive === undefined ? '' : ` (${sensitive})`}`,
    ),
  );
}

/** The label is only at the first row. */
function rowsOf(label: string, rows: readonly string[]): Fact[] {
  const more = rows.length > listed ? [`and ${rows.length - listed} more`] : [];
  return [...rows.slice(0, listed), ...more].map((row, index) => [index === 0 ? label : '', row]);
}
