/** `"{""kind"":` begins a JSON object in a quoted field of a CSV row. */
const quotedObject = '"{""';

/**
 * The JSON text in a row of CSV, as CloudWatch Logs Insights exports it: `2026-03-02 08:00:00.000,"{""kind"":…}"`.
 * A quotation mark inside a quoted field is doubled (RFC 4180, section 2.7).
 * @returns `undefined` if the row has no such field, or the field does not end in the row
 */
export function fieldOfCsvRow(row: string): string | undefined {
  const start = row.startsWith(quotedObject) ? 0 : row.indexOf(`,${quotedObject}`) + 1;
  if (start === 0 && !row.startsWith(quotedObject)) return undefined;
  let text = '';
  for (let from = start + 1; ; ) {
    const quote = row.indexOf('"', from);
    if (quote < 0) return undefined;
    text += row.slice(from, quote);
    if (row[quote + 1] !== '"') return text;
    text += '"';
    from = quote + 2;
  }
}
