import { counted } from '../amounts.ts';
import type { Coverage } from './coverage.ts';
import type { Count, ListedCertificate, TallyCounts } from './tally.ts';
import { usedText } from './uses-text.ts';

/** A label and its values, each of which has its own line if there are several that are long. */
export interface OverviewRow {
  readonly label: string;
  readonly values: readonly string[];
}

const shownValues = 8;

/** What was found, in a few lines: who, from where, which certificates, in which time. */
export function overviewRows(counts: TallyCounts, coverage: Coverage): OverviewRow[] {
  const { findings, copies, severities, phases, rules, actors, addresses, certificates } = counts;
  const copied =
    copies === 0 ? [] : [`${counted(copies, 'of them', 'of them')} from copies of an event in the logs`];
  const rows: OverviewRow[] = [
    { label: 'Findings', values: [[`${findings}`, ...copied].join(', ')] },
    { label: 'Severity', values: [inline(severities)] },
    { label: 'Phase', values: [inline(phases)] },
    { label: 'Rules', values: listed(rules) },
    { label: 'Actors', values: listed(actors) },
    { label: 'Addresses', values: listed(addresses) },
    {
      label: 'Certificates',
      values: limited(
        worstFirst(certificates).map(
          ({ sha256, subject, notAfter, isLogin, uses }) =>
            `${subject ?? 'unknown subject'}${isLogin ? ', a login' : ''}${uses === undefined ? '' : `, ${usedText(uses)}`}, valid until ${notAfter ?? 'unknown'}, SHA-256 ${sha256}`,
        ),
      ),
    },
    { label: 'Log', values: coverageTexts(coverage) },
  ];
  return rows.filter(({ values }) => values.some((value) => value !== ''));
}

/** The logins that were used, the other logins, the others. */
function worstFirst(certificates: readonly ListedCertificate[]): ListedCertificate[] {
  const rank = ({ isLogin, uses }: ListedCertificate) =>
    uses !== undefined && uses.count > 0 ? 2 : isLogin ? 1 : 0;
  return certificates.toSorted((a, b) => rank(b) - rank(a));
}

function inline(counts: readonly Count[]): string {
  return counts.map(([text, times]) => `${times} ${text}`).join(', ');
}

function listed(counts: readonly Count[]): string[] {
  return limited(counts.map(([text, times]) => `${text} (${times})`));
}

function limited(texts: readonly string[]): string[] {
  const more = texts.length - shownValues;
  return more > 0 ? [...texts.slice(0, shownValues), `and ${more} more`] : [...texts];
}

function coverageTexts({ firstMs, lastMs, gaps }: Coverage): string[] {
  if (firstMs === undefined || lastMs === undefined) return [];
  return [
    firstMs === lastMs ? minuteText(firstMs) : `${minuteText(firstMs)} to ${minuteText(lastMs)}`,
    ...limited(gaps.map(gapText)),
  ];
}

export function gapText({ fromMs, toMs }: Coverage['gaps'][number]): string {
  return `no events for ${durationText(toMs - fromMs)}: ${minuteText(fromMs)} to ${minuteText(toMs)}`;
}

function minuteText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function durationText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return counted(minutes, 'minute');
  const hours = Math.round(minutes / 60);
  return hours < 48 ? counted(hours, 'hour') : counted(Math.round(hours / 24), 'day');
}
