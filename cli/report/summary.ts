import { placeText } from '../../lambda/text/place-text.ts';
import { visible } from '../../lambda/text/visible-text.ts';
import { counted, sizeText } from '../amounts.ts';
import type { ScanStats } from './scan-stats.ts';

/** Enough to see what is wrong with a log. */
const toldRejections = 5;

/** What a scan came to, for whoever reads its findings as text: a line, and one for each of the first rejections. */
export function summary(stats: ScanStats): string {
  if (stats.bytes === 0) return '0 findings: nothing was read\n';
  const { skippedBytes } = stats;
  const passedOver =
    skippedBytes === stats.bytes ? 'all' : skippedBytes === 0 ? 'none' : sizeText(skippedBytes);
  const first = [
    `${counted(stats.findings, 'finding')} in ${sizeText(stats.bytes)}: ${counted(stats.events, 'audit event')} evaluated`,
    `${passedOver} passed over`,
    `${counted(stats.rejected, 'record')} rejected\n`,
  ].join(', ');
  const told = stats.rejections
    .slice(0, toldRejections)
    .map(({ place, reason }) => `rejected: ${visible(placeText(place))}: ${visible(reason)}\n`);
  const untold = stats.rejected - told.length;
  if (untold > 0) told.push(`and ${untold} more: --format json lists a hundred\n`);
  return first + told.join('');
}
