import type { FuzzCase } from './draw-case.ts';
import { type Framed, type FuzzRecord, framingOf } from './draw-record.ts';
import { takesValueAt } from './open-reading.ts';
import type { Found, Outcome } from './run-case.ts';

/** How an input may fail: what was thrown for any other reason is a defect. */
const expectedReasons = [
  /\b(?:gzip|zstd): /,
  / is not read: /,
  /the bytes are not text/,
  /it expands more than/,
  /packed more than \d times/,
  /SyntaxError: .*JSON/,
  /SyntaxError: Bad (?:control|escaped) character/,
  /the CloudWatch Logs payload has no logEvents/,
  /Error: (?:incorrect header check|unexpected end of file|invalid .*|incorrect data check|unknown compression method)/,
  /no such object/,
  /a message of an unknown kind/,
  /a Kinesis record without data/,
];

/** What is wrong with what became of a case. */
export function verdict(fuzzCase: FuzzCase, outcome: Outcome): string[] {
  const { records, payload, packed, isPayloadMutated } = fuzzCase;
  const { isRefused, reasons, functionFound, scanFound, scanFault, scanReported, thrown, reported } = outcome;
  const faults = [...thrown];
  for (const reason of [...reasons, ...(scanFault === undefined ? [] : [`scan: ${scanFault}`])]) {
    if (!expectedReasons.some((expected) => expected.test(reason)))
      faults.push(`unexpected failure: ${reason}`);
  }
  // a first record that does not look like text may be another kind of file
  const mayFail = packed?.isDamaged || isPayloadMutated || records[0]?.isMutated;
  if (!mayFail && isRefused) faults.push('the function refused the payload');
  if (!mayFail)
    for (const reason of [...reasons, ...(scanFault ? [scanFault] : [])]) faults.push(`failed: ${reason}`);
  faults.push(
    ...wrongFindings(
      'the function',
      functionFound,
      fuzzCase,
      reasons.length > 0 || isPayloadMutated,
      reported,
    ),
  );
  if (scanFound)
    faults.push(...wrongFindings('the scan', scanFound, fuzzCase, scanFault !== undefined, scanReported));
  if (records.some(({ isLong }) => isLong) && reasons.length === 0 && reported === 0)
    faults.push('a record that is too long was not reported');
  const { neighbor } = fuzzCase;
  if (neighbor !== undefined && !isRefused && !functionFound.some(({ auditID }) => auditID === neighbor))
    faults.push(`the input beside it was lost: ${neighbor}`);
  const isComparable = scanFound && !isPayloadMutated && payload.objects.length > 0 && reasons.length === 0;
  if (isComparable && scanFault === undefined) {
    const [inFunction, inScan] = [wholeOf(functionFound, neighbor), wholeOf(scanFound, neighbor)];
    if (inFunction !== inScan) faults.push(`the function found ${inFunction}, the scan ${inScan}`);
  }
  return faults;
}

/** The function shortens texts that would not fit into a message. */
const comparedCharacters = 200;

/** Whether an event that was cut off is evaluated too can depend on the chunks. */
function wholeOf(found: readonly Found[], neighbor: string | undefined): string {
  const texts = found
    .filter(({ isTruncated, auditID }) => !isTruncated && auditID !== neighbor)
    .map(({ rule, auditID }) => `${rule} ${String(auditID).slice(0, comparedCharacters)}`);
  return [...new Set(texts)].sort().join(', ');
}

function wrongFindings(
  by: string,
  found: readonly Found[],
  fuzzCase: FuzzCase,
  hasFailed: boolean,
  reported: number,
): string[] {
  const faults: string[] = [];
  const ids = new Set(found.map(({ auditID }) => auditID));
  const wholeIds = new Set(found.flatMap(({ auditID, isTruncated }) => (isTruncated ? [] : [auditID])));
  for (const [index, record] of fuzzCase.records.entries()) {
    const { token, matches, planted } = record;
    if (
      matches &&
      !wholeIds.has(token) &&
      !hasFailed &&
      !fuzzCase.packed?.isCorrupt &&
      !isTaken(fuzzCase, index, reported)
    )
      faults.push(`${by} lost the intact record ${index}`);
    if (fuzzCase.packed?.isCorrupt) continue;
    if (matches === false && ids.has(token))
      faults.push(`${by} found record ${index}, which no rule matches`);
    if (planted.some((id) => ids.has(id)) && !isOutside(fuzzCase, index))
      faults.push(`${by} promoted an event inside record ${index}`);
  }
  if (found.some(({ hasReaderFailed }) => hasReaderFailed)) faults.push(`${by}: a reader of requests failed`);
  return faults;
}

/** What follows is the value of a key, or an item of a list that is. */
const isMember = /[^\\]"\s*:[\s[]*$/;

/** What follows is in a text that is the value of a key. */
const isText = /"\s*:\s*\\*"$/;

/** Whether a malformed record before it may take the record for a value of its own: docs/inputs.md, Framing. */
function isTaken({ text, records, offsets, framing }: FuzzCase, index: number, reported: number): boolean {
  const at = offsets[index] ?? 0;
  if (reported > 0 && isReadAsDocument(records, framing, index)) return true;
  const { byLine, indent } = framingOf(framing);
  // a list that does not begin with an object is one line, and rejected if one of its items is malformed
  const isOtherList =
    framing === 'a list' && /^(?!\s*[{"[])/.test(records[0]?.bytes.toString('latin1') ?? '');
  if (isOtherList && reported > 0) return true;
  // among pretty-printed documents, a text or a document on one line: what follows is read as lines, and rejected in pieces
  const malformed = records.slice(0, index).filter(({ isMutated }) => isMutated);
  const isLine = ({ bytes }: FuzzRecord) =>
    /^\s*\[?\s*[^{[\s]|\n(?:\{|\d{4}-)|^[^\n]*$/.test(bytes.toString('latin1'));
  if (indent > 0 && reported > 0 && malformed.some(isLine)) return true;
  if (!byLine && isMember.test(text.toString('latin1', Math.max(0, at - 200), at))) return true;
  for (let before = index - 1; before >= 0; before -= 1) {
    const record = records[before];
    const start = offsets[before] ?? 0;
    if (!record?.isMutated || record.isLong) continue;
    // a line break within it begins a line of text, which may hold the rest of it and the record
    if (!byLine && reported > 0 && /[\n\0]/.test(record.bytes.toString('latin1'))) return true;
    for (let from = start; from < start + record.bytes.length; from += 1) {
      if (text[from] !== 0x7b && text[from] !== 0x5b) continue;
      const taken = takesValueAt(text, from, at);
      if (taken === 'ends' || (taken === 'open' && !byLine)) return true;
    }
  }
  return false;
}

/** At the beginning of a text, lines with the parts of an event are read as a document, and behind a malformed beginning. */
function isReadAsDocument(records: readonly FuzzRecord[], framing: Framed, index: number): boolean {
  const isSplit = (at: number) => (records[at]?.parts.length ?? 0) > 1;
  return (
    isSplit(index) && framing === 'lines' && (index === 0 || isSplit(0) || records[0]?.isMutated === true)
  );
}

/**
 * Whether a mutation took the planted event out of the value that it was: an object around it, or the event itself, then
 * begins a line, or follows neither a key nor intact items of a list. Such text is the same as that of a record.
 */
function isOutside({ records, framing }: FuzzCase, index: number): boolean {
  const record = records[index];
  if (!record || record.isLong || record.isRest) return false;
  if (!record.isMutated && !isReadAsDocument(records, framing, index)) return false;
  const { bytes, planted } = record;
  const text = bytes.toString('latin1');
  const starts = [...text.matchAll(/\{/g)]
    .map(({ index: at }) => at)
    .filter((at) => /^\{\s*\\*["}]/.test(text.slice(at, at + 100)) && beginsRecord(text.slice(0, at)));
  return planted.some((token) => {
    for (let id = text.indexOf(token); id >= 0; id = text.indexOf(token, id + 1)) {
      const event = text.lastIndexOf('{', text.lastIndexOf('"auditID', id));
      // a line that begins a document: what is behind it on the line may be others
      if (/\n\{["\s]/.test(text.slice(0, id))) return true;
      // what was between the two is gone: the audit ID is the record's own
      const isAuditId = /"auditID"\s*:\s*"$/.test(text.slice(0, id));
      if (isAuditId && depthAt(text, text.indexOf('{'), id) === 1) return true;
      if (
        starts.some((start) => start > 0 && start <= id && (start === event || depthAt(text, start, id) > 0))
      )
        return true;
    }
    return false;
  });
}

/** How many objects and lists are open at `to`, by their brackets, of the object that begins at `from`; 0 if it has ended. */
function depthAt(text: string, from: number, to: number): number {
  let depth = 0;
  const token = /"(?:[^"\\\n]|\\.)*"|[{}[\]]/gy;
  for (let at = from; at < to; ) {
    token.lastIndex = at;
    const [found] = token.exec(text) ?? [];
    if (found === '{' || found === '[') depth += 1;
    if (found === '}' || found === ']') depth -= 1;
    if (depth === 0) return 0;
    at += found?.length ?? 1;
  }
  return depth;
}

function beginsRecord(before: string): boolean {
  return (
    /\n$/.test(before) ||
    !(isMember.test(before.slice(-200)) || isText.test(before.slice(-200)) || isItem(before))
  );
}

/** Whether the text ends inside a list of whole items. */
function isItem(text: string): boolean {
  if (!/,\s*$/.test(text.slice(-200))) return false;
  for (let at = text.lastIndexOf('['); at >= 0; at = text.lastIndexOf('[', at - 1)) {
    if (isJson(`${text.slice(at)}0]`) && isMember.test(text.slice(0, at))) return true;
    if (at === 0) break;
  }
  return false;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
