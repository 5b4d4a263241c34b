import type { Rejection } from '../../lambda/scan/input.ts';
import { placeText } from '../../lambda/text/place-text.ts';
import { visible } from '../../lambda/text/visible-text.ts';
import { counted, sizeText } from '../amounts.ts';
import type { ScanStats } from './scan-stats.ts';

/** Enough to see what is wrong with a log. */
const shownRecords = 5;

/** The result of a scan for people: one line, and one for each of the first rejected and suspicious records. */
export function summary(stats: ScanStats): string {
  if (stats.bytes === 0) return '0 findings: nothing was read\n';
  const { skippedBytes } = stats;
  const skipped = skippedBytes === stats.bytes ? 'all' : skippedBytes === 0 ? 'none' : sizeText(skippedBytes);
  const first = [
    `${counted(stats.findings, 'finding')} in ${sizeText(stats.bytes)}: ${counted(stats.events, 'audit event')} evaluated`,
    `${skipped} skipped`,
    ...(stats.notAudit > 0
      ? [
          `${counted(stats.notAudit, 'record')} not ${stats.notAudit === 1 ? 'an audit event' : 'audit events'}`,
        ]
      : []),
    ...(stats.suspicious > 0 ? [`${stats.suspicious} of them suspicious`] : []),
    `${counted(stats.rejected, 'record')} rejected\n`,
  ].join(', ');
  return [
    first,
    ...stats.withoutEvents.map((input) => line('warning', input)),
    ...listed('rejected', stats.rejections, stats.rejected),
    ...listed('warning', stats.suspicions, stats.suspicious),
  ].join('');
}

function listed(word: string, places: readonly Rejection[], count: number): string[] {
  const lines = places.slice(0, shownRecords).map((place) => line(word, place));
  const others = count - lines.length;
  return others > 0 ? [...lines, `and ${others} more; --format json lists the first hundred\n`] : lines;
}

function line(word: string, { place, reason }: Rejection): string {
  return `${word}: ${placeText(place)}: ${visible(reason)}\n`;
}
