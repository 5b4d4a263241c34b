/** Of the same length, whatever the precision of the fraction; a time that can't be read is last. */
export function sortableTime(time: string | undefined): string {
  const parts = timeParts(time);
  return parts ? `${parts.date}${parts.clock}${parts.fraction.padEnd(9, '0')}` : '~';
}

export function timeParts(time: string | undefined) {
  const found = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?Z$/.exec(time ?? '');
  const [, date, clock, fraction = ''] = found ?? [];
  return date !== undefined && clock !== undefined ? { date, clock, fraction } : undefined;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
