/**
 * Finds the end of a JSON document that is read in parts. It examines what determines the structure: brackets, strings,
 * and what may follow what. The rest is left to JSON.parse: `{"a":tru,"b":"\x"}` ends with its bracket although it is
 * no JSON, and is then rejected on its own. So every document that JSON.parse accepts ends where it ends, and a fault
 * is reported only if something in the structure is missing or added, which is when the end cannot be trusted.
 *
 * This runs over every byte of documents that are not lines, so wasm/json-reader.ts does it.
 */
import { classes, lf, open as opening } from './json-bytes.ts';
import {
  bracketsAt,
  completeToAt,
  depthAt,
  isEscapedAt,
  keysAt,
  lastStringAt,
  listCountAt,
  listsAt,
  maxDepth,
  maxPartBytes,
  partAt,
  placeAt,
  readingEnded,
  readingFault,
  readingOpen,
  stateAt,
  stateColon,
  stateFirstItem,
  stateInKey,
  stateInScalar,
  stateInText,
  stateValue,
} from './memory-layout.ts';
import { wasmModule } from './wasm-module.ts';

export type Reading =
  /** All bytes are read; the document continues. */
  | { readonly kind: 'open' }
  | { readonly kind: 'ended'; readonly at: number }
  /** No document begins like this; `at` is the first byte that cannot follow. */
  | { readonly kind: 'fault'; readonly at: number; readonly reason: string };

/** Few bytes are copied at first: a document may be short, or have a fault. */
const firstPartBytes = 1_024;

/** The number of the reader whose bytes are in the memory of the module. */
let lastToShow = 0;
let readers = 0;

export class JsonReader {
  /** Where in the bytes read last lists opened directly in the document. */
  listsAt: number[] = [];
  /** The last quotation mark in the bytes read last with which a string began; -1 if none. */
  stringAt = -1;
  /** Behind the last value that ended in the bytes read last, or the last bracket that opened. */
  completeTo = 0;
  /** The open brackets of a document that continues, the outermost first. */
  brackets = new Uint8Array();
  /** Where the last key within each of them begins and ends in the bytes read last. */
  keys = new Int32Array();
  private depth = 0;
  private state = stateValue;
  /** The last byte was the backslash of an escape. */
  private isEscaped = 0;
  /** What is in the memory of the module, unless another reader worked since. */
  private shown: Buffer | undefined;
  private shownFrom = 0;
  private shownTo = 0;
  private readonly number = ++readers;

  begin(): void {
    this.depth = 0;
    this.state = stateValue;
    this.isEscaped = 0;
  }

  get isInText(): boolean {
    return this.state === stateInText;
  }

  /** The value behind the last key has not ended. */
  get isInMember(): boolean {
    return [stateColon, stateValue, stateInText, stateInScalar].includes(this.state);
  }

  read(bytes: Buffer, from: number): Reading {
    const module = wasmModule();
    const { words } = module;
    if (this.depth > 0) module.bytes.set(this.brackets, bracketsAt);
    words[depthAt / 4] = this.depth;
    words[stateAt / 4] = this.state;
    words[isEscapedAt / 4] = this.isEscaped;
    words[lastStringAt / 4] = -1;
    words[completeToAt / 4] = this.completeTo;
    if (this.listsAt.length > 0) this.listsAt = [];
    let at = from;
    let result = readingOpen;
    while (result === readingOpen && at < bytes.length) {
      if (!this.shows(bytes, at)) this.show(bytes, at);
      result = module.read(at - this.shownFrom, this.shownTo - this.shownFrom, this.shownFrom);
      at = this.shownFrom + (words[placeAt / 4] ?? 0);
      const lists = words[listCountAt / 4] ?? 0;
      for (let index = 0; index < lists; index += 1) this.listsAt.push(words[listsAt / 4 + index] ?? 0);
    }
    this.depth = words[depthAt / 4] ?? 0;
    this.state = words[stateAt / 4] ?? 0;
    this.isEscaped = words[isEscapedAt / 4] ?? 0;
    this.stringAt = words[lastStringAt / 4] ?? -1;
    this.completeTo = words[completeToAt / 4] ?? 0;
    if (result === readingEnded) return { kind: 'ended', at };
    if (result === readingFault) return { kind: 'fault', at, reason: this.reasonOf(bytes[at] ?? 0) };
    this.brackets = module.bytes.slice(bracketsAt, bracketsAt + this.depth);
    this.keys = words.slice(keysAt / 4, keysAt / 4 + 2 * this.depth);
    return { kind: 'open' };
  }

  /**
   * Reads whole documents, with blanks, commas or nothing between them. They end at `limit` or before, and none has more
   * than `maxBytes`. There may be more of them.
   * @returns where the last of them ends; `from` if there is none
   */
  skip(bytes: Buffer, from: number, limit: number, maxBytes: number): number {
    const module = wasmModule();
    for (let end = from; ; ) {
      if (!this.shows(bytes, end)) this.show(bytes, end);
      const { shownFrom, shownTo } = this;
      const read = shownFrom + module.skip(end - shownFrom, Math.min(shownTo, limit) - shownFrom, maxBytes);
      if (read > end) end = read;
      // a document that begins here may end behind what is shown
      else if (shownTo < limit && shownTo - end < maxPartBytes) this.show(bytes, end);
      else return end;
    }
  }

  private shows(bytes: Buffer, at: number): boolean {
    const isMine = bytes === this.shown && lastToShow === this.number;
    return isMine && at >= this.shownFrom && at < this.shownTo;
  }

  /** Copies bytes into the memory of the module, twice as many as before if these are among them or right behind them. */
  private show(bytes: Buffer, at: number): void {
    const before = this.shownTo - this.shownFrom;
    const continues = bytes === this.shown && at >= this.shownFrom && at <= this.shownTo;
    const size = continues ? Math.min(maxPartBytes, 2 * before) : firstPartBytes;
    this.shown = bytes;
    this.shownFrom = at;
    this.shownTo = Math.min(bytes.length, at + size);
    lastToShow = this.number;
    wasmModule().bytes.set(bytes.subarray(at, this.shownTo), partAt);
  }

  private reasonOf(byte: number): string {
    if (this.state === stateInKey || this.state === stateInText)
      return byte === lf ? 'a line ends inside a string' : 'a control character inside a string';
    const kind = classes[byte] ?? 0;
    const isValue = this.state === stateValue || this.state === stateFirstItem;
    if (kind === opening && isValue) return `nested deeper than ${maxDepth} levels`;
    return reasons[kind] ?? 'a byte that no JSON has there';
  }
}

/** Why a byte of a class cannot be where it is. */
const reasons = [
  'a value or a word where none may be',
  undefined,
  'a string where none may be',
  'a document begins before this one ended',
  'a bracket closes what is not open',
];
