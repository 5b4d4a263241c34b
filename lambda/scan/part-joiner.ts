import { recognizeText } from '../audit/recognize-event.ts';
import type { Recognized } from '../audit/recognized.ts';
import { JsonReader } from '../framing/json-reader.ts';
import { isObject } from '../json/read-json.ts';

/**
 * Joins the parts of one audit event that follow each other in an input. Container runtimes split lines over 16 KiB:
 * CRI marks every part but the last with `P`, Docker leaves out the line feed at the end of `log`. Forwarders and
 * CloudWatch Logs split without a mark, in lines or in log events.
 *
 * A part is added as long as the JSON document stays open. Each byte is read once, however many parts there are.
 */
export type Joined =
  /** The next record may be another part. */
  | { readonly kind: 'open' }
  | { readonly kind: 'whole'; readonly text: string }
  /** The record does not continue the event. */
  | { readonly kind: 'other' };

export type Holding = 'event' | 'json' | 'neither';

/** What a record is by itself. */
export function holding(found: readonly Recognized[]): Holding {
  const isEvent = found.some(
    (item) => item.kind === 'event' || (item.kind === 'truncated' && item.head !== undefined),
  );
  if (isEvent) return 'event';
  return found.some((item) => item.kind === 'not-audit' && item.isJson) ? 'json' : 'neither';
}

/**
 * An event whose parts are lines, read from a text that begins with the first of them.
 * @returns nothing if the first line is no part of an event
 */
export function recognizedLines(text: string, maxCharacters: number): Recognized[] {
  const [first = '', ...rest] = text.split('\n', maxPlainParts + 1);
  const found = recognizeText(first);
  const [only] = found;
  if (rest.length === 0 || only?.kind !== 'truncated' || only.head === undefined) return [];
  const joiner = PartJoiner.begin(first, maxCharacters);
  for (const line of rest) {
    const joined = joiner?.add(line, 'neither');
    if (joined?.kind === 'whole') return recognizeText(joined.text);
    if (joined?.kind !== 'open') break;
  }
  return found;
}

/** How the parts are written. */
type Part =
  | { readonly style: 'cri'; readonly stream: string; readonly content: string; readonly isLast: boolean }
  | { readonly style: 'json'; readonly key: string; readonly content: string; readonly envelope: object }
  | { readonly style: 'plain'; readonly content: string };

/** An event is never split into more: 16 MiB in parts of 16 KiB. */
const maxParts = 1_024;
/** Parts without a mark are large, so few of them make an event. */
const maxPlainParts = 64;

const bracketFirst = /^\s*[{[]/;
const criLine = /^\d{4}-\d\d-\d\dT\S+ (stdout|stderr) ([PF])(?::\S*)? /;

export class PartJoiner {
  private readonly reader = new JsonReader();
  private readonly contents: string[] = [];
  private characters = 0;
  private readonly first: Part;
  private isOver = false;
  private readonly maxCharacters: number;

  private constructor(first: Part, maxCharacters: number) {
    this.first = first;
    this.maxCharacters = maxCharacters;
    this.reader.begin();
  }

  /** @returns `undefined` if the record is not the beginning of a document that may continue in the next record */
  static begin(text: string, maxCharacters: number): PartJoiner | undefined {
    const part = partOf(text);
    if (part.style === 'cri' && part.isLast) return undefined;
    const start = part.content.indexOf('{');
    if (start < 0) return undefined;
    const joiner = new PartJoiner(part, maxCharacters);
    return joiner.append(part.content.slice(start)).kind === 'open' ? joiner : undefined;
  }

  /**
   * @param holds - what the text is by itself. A part without a mark begins no event and is no JSON document. An event may be
   * inside it: the sender of a request can write one into its body.
   */
  add(text: string, holds: Holding): Joined {
    const { first } = this;
    const part = partOf(text, first.style === 'json' ? first.key : undefined);
    if (this.isOver || part.style !== first.style) return { kind: 'other' };
    if (part.style !== 'cri' && holds === 'event' && bracketFirst.test(part.content))
      return { kind: 'other' };
    if (part.style === 'plain' && holds === 'json') return { kind: 'other' };
    if (part.style === 'cri' && first.style === 'cri' && part.stream !== first.stream)
      return { kind: 'other' };
    const joined = this.append(part.content);
    if (joined.kind === 'open' && part.style === 'cri' && part.isLast) return { kind: 'other' };
    return joined;
  }

  private append(content: string): Joined {
    const limit = this.first.style === 'plain' ? maxPlainParts : maxParts;
    this.characters += content.length;
    if (this.contents.length >= limit || this.characters > this.maxCharacters) {
      this.isOver = true;
      return { kind: 'other' };
    }
    this.contents.push(content);
    const reading = this.reader.read(Buffer.from(content), 0);
    switch (reading.kind) {
      case 'open':
        return { kind: 'open' };
      case 'fault':
        return { kind: 'other' };
      case 'ended':
        return this.whole();
    }
  }

  /** The brackets match; records that are no parts may be between them, or behind them. */
  private whole(): Joined {
    const { first } = this;
    const content = this.contents.join('');
    if (objectIn(content) === undefined) return { kind: 'other' };
    const text =
      first.style === 'json' ? JSON.stringify({ ...first.envelope, [first.key]: content }) : content;
    return { kind: 'whole', text };
  }
}

/** @param key - of the text in an envelope, as in the part before; by default, that of the longest string */
function partOf(text: string, key?: string): Part {
  const cri = criLine.exec(text);
  if (cri) {
    const [mark, stream = '', flag] = cri;
    return { style: 'cri', stream, content: text.slice(mark.length), isLast: flag === 'F' };
  }
  return envelopePart(text, key) ?? { style: 'plain', content: text };
}

function envelopePart(text: string, wanted: string | undefined): Part | undefined {
  const envelope = objectIn(text);
  if (!envelope) return undefined;
  let longest: { readonly key: string; readonly content: string } | undefined;
  for (const [key, content] of Object.entries(envelope)) {
    if (typeof content !== 'string' || (wanted !== undefined && key !== wanted)) continue;
    if (content.length >= (longest?.content.length ?? 0)) longest = { key, content };
  }
  return longest && { style: 'json', ...longest, envelope };
}

function objectIn(text: string): object | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
