import { placeText } from '../../lambda/text/place-text.ts';
import { visible } from '../../lambda/text/visible-text.ts';
import { counted, sizeText } from '../amounts.ts';
import type { ScanStats } from './scan-stats.ts';

/** Enough to see what is wrong with a log. */
const shownRejections = 5;

/** The result of a scan for people: one line, and one for each of the first rejections. */
export function summary(stats: ScanStats): string {
  if (stats.bytes === 0) return '0 findings: nothing was read\n';
  const { skippedBytes } = stats;
  const skipped = skippedBytes === stats.bytes ? 'all' : skippedBytes === 0 ? 'none' : sizeText(skippedBytes);
  const first = [
    `${counted(stats.findings, 'finding')} in ${sizeText(stats.bytes)}: ${counted(stats.events, 'audit event')} evaluated`,
    `${skipped} skipped`,
    `${counted(stats.rejected, 'record')} rejected\n`,
  ].join(', ');
  const lines = stats.rejections
    .slice(0, shownRejections)
    .map(({ place, reason }) => `rejected: ${visible(placeText(place))}: ${visible(reason)}\n`);
  const others = stats.rejected - lines.length;
  if (others > 0) lines.push(`and ${others} more; --format json lists the first hundred\n`);
  return first + lines.join('');
}
