/**
 * Finds the end of a JSON document that is read in parts. It examines what determines the structure: brackets, strings,
 * and what may follow what. The rest is left to JSON.parse: `{"a":tru,"b":"\x"}` ends with its bracket although it is
 * no JSON, and is then rejected on its own. So every document that JSON.parse accepts ends where it ends, and a fault
 * is reported only if something in the structure is missing or added, which is when the end cannot be trusted.
 *
 * This runs over every byte of documents that are not lines, so wasm/json-reader.ts does it.
 */
import { classes, lf, open as opening } from './json-bytes.ts';
import * as memory from './memory-layout.ts';
import { wasmModule } from './wasm-module.ts';

export type Reading =
  /** All bytes are read; the document continues. */
  | { readonly kind: 'open' }
  | { readonly kind: 'ended'; readonly at: number }
  /** No document begins like this; `at` is the first byte that cannot follow. */
  | { readonly kind: 'fault'; readonly at: number; readonly reason: string };

/** The reader whose bytes are in the memory of the module. */
let lastToShow: symbol | undefined;

export class JsonReader {
  /** Where in the bytes read last lists opened directly in the document. */
  listsAt: number[] = [];
  /** The open brackets of a document that continues, the outermost first. */
  brackets = new Uint8Array();
  /** Where the last key within each of them begins and ends in the bytes read last. */
  keys = new Int32Array();
  /** What the module has to know of the document to continue it, beside the brackets. */
  private readonly progress = new Int32Array(memory.progressWords);
  /** What is in the memory of the module, unless another reader worked since. */
  private shown: Buffer | undefined;
  private shownFrom = 0;
  private shownTo = 0;
  private readonly id = Symbol('reader');

  begin(): void {
    this.progress.fill(0);
    this.listsAt = [];
  }

  /** The last quotation mark in the bytes read last with which a string began; -1 if none. */
  get stringAt(): number {
    return this.word(memory.lastStringAt);
  }

  /** Behind the last value that ended in the bytes read last, or the last bracket that opened. */
  get completeTo(): number {
    return this.word(memory.completeToAt);
  }

  get isInText(): boolean {
    return this.word(memory.stateAt) === memory.stateInText;
  }

  /** The value behind the last key has not ended. */
  get isInMember(): boolean {
    const { stateColon, stateValue, stateInText, stateInScalar } = memory;
    return [stateColon, stateValue, stateInText, stateInScalar].includes(this.word(memory.stateAt));
  }

  read(bytes: Buffer, from: number): Reading {
    const { bytes: shared, words, read } = wasmModule();
    shared.set(this.brackets, memory.bracketsAt);
    words.set(this.progress);
    words[memory.lastStringAt / 4] = -1;
    this.listsAt = [];
    let at = from;
    let result = memory.readingOpen;
    while (result === memory.readingOpen && at < bytes.length) {
      if (!this.shows(bytes, at)) this.show(bytes, at);
      result = read(at - this.shownFrom, this.shownTo - this.shownFrom, this.shownFrom);
      this.progress.set(words.subarray(0, memory.progressWords));
      at = this.shownFrom + this.word(memory.placeAt);
      this.listsAt.push(...words.subarray(memory.listsAt / 4).subarray(0, this.word(memory.listCountAt)));
    }
    if (result === memory.readingEnded) return { kind: 'ended', at };
    if (result === memory.readingFault) return { kind: 'fault', at, reason: this.reasonOf(bytes[at] ?? 0) };
    const depth = this.word(memory.depthAt);
    this.brackets = shared.slice(memory.bracketsAt, memory.bracketsAt + depth);
    this.keys = words.slice(memory.keysAt / 4, memory.keysAt / 4 + 2 * depth);
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
      else if (shownTo < limit && shownFrom < end) this.show(bytes, end);
      else return end;
    }
  }

  private shows(bytes: Buffer, at: number): boolean {
    const isMine = bytes === this.shown && lastToShow === this.id;
    return isMine && at >= this.shownFrom && at < this.shownTo;
  }

  /** Copies bytes into the memory of the module. */
  private show(bytes: Buffer, at: number): void {
    this.shown = bytes;
    this.shownFrom = at;
    this.shownTo = Math.min(bytes.length, at + memory.maxPartBytes);
    lastToShow = this.id;
    wasmModule().bytes.set(bytes.subarray(at, this.shownTo), memory.partAt);
  }

  /** @param at - one of the places of memory-layout.ts */
  private word(at: number): number {
    return this.progress[at / 4] ?? 0;
  }

  private reasonOf(byte: number): string {
    const state = this.word(memory.stateAt);
    if (state === memory.stateInKey || state === memory.stateInText)
      return byte === lf ? 'a line ends inside a string' : 'a control character inside a string';
    const kind = classes[byte] ?? 0;
    const isValue = state === memory.stateValue || state === memory.stateFirstItem;
    if (kind === opening && isValue) return `nested deeper than ${memory.maxDepth} levels`;
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
