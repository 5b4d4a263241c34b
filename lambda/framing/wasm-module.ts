/// <reference path="./web-assembly.d.ts" />
import { programAt } from './search-layout.ts';
import { wasmBytes } from './wasm-bytes.ts';

const pageBytes = 65_536;

/** The compiled module of wasm/, and its memory. All searches share it: none waits for anything while it uses it. */
export interface WasmModule {
  readonly bytes: Uint8Array;
  /** The same memory. */
  readonly words: Uint32Array;
  readonly search: (from: number, bytes: number, patterns: number) => number;
}

let memory: WebAssembly.Memory | undefined;
let module: WasmModule | undefined;

/**
 * Compiled at the first use, which takes less than a millisecond.
 * @param programBytes - the memory grows to hold a program of this size
 */
export function wasmModule(programBytes: number): WasmModule {
  memory ??= new WebAssembly.Memory({ initial: 1 });
  const missing = programAt + programBytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  if (!module || missing > 0) module = { ...views(memory), search: module?.search ?? instantiate(memory) };
  return module;
}

function views({ buffer }: WebAssembly.Memory) {
  return { bytes: new Uint8Array(buffer), words: new Uint32Array(buffer) };
}

function instantiate(memory: WebAssembly.Memory): WasmModule['search'] {
  const compiled = new WebAssembly.Module(Buffer.from(wasmBytes, 'base64'));
  const { search } = new WebAssembly.Instance(compiled, { env: { memory } }).exports;
  if (typeof search !== 'function') throw new TypeError('the WebAssembly module has no search');
  return (from, bytes, patterns) => search(from, bytes, patterns);
}
