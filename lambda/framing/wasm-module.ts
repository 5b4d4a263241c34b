/// <reference path="./web-assembly.d.ts" />
import { classes } from './json-bytes.ts';
import { classesAt, programAt } from './memory-layout.ts';
import { wasmBytes } from './wasm-bytes.ts';

/** The compiled module of wasm/, and its memory. All inputs share it: none waits for anything while it uses it. */
export interface WasmModule {
  readonly bytes: Uint8Array;
  /** The same memory. */
  readonly words: Int32Array;
  readonly search: WasmFunction;
  readonly read: WasmFunction;
  readonly skip: WasmFunction;
}

type WasmFunction = (first: number, second: number, third: number) => number;

const pageBytes = 65_536;
let memory: WebAssembly.Memory | undefined;
let module: WasmModule | undefined;

/**
 * Compiled at the first use, which takes less than a millisecond.
 * @param programBytes - the memory grows to hold a program of this size
 */
export function wasmModule(programBytes = 0): WasmModule {
  memory ??= new WebAssembly.Memory({ initial: Math.ceil(programAt / pageBytes) });
  const missing = programAt + programBytes - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / pageBytes));
  if (!module || missing > 0) module = { ...(module ?? instantiate(memory)), ...views(memory) };
  return module;
}

function views({ buffer }: WebAssembly.Memory) {
  return { bytes: new Uint8Array(buffer), words: new Int32Array(buffer) };
}

function instantiate(memory: WebAssembly.Memory) {
  const compiled = new WebAssembly.Module(Buffer.from(wasmBytes, 'base64'));
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  new Uint8Array(memory.buffer).set(classes, classesAt);
  return {
    search: functionOf(exports['search']),
    read: functionOf(exports['read']),
    skip: functionOf(exports['skip']),
  };
}

function functionOf(exported: unknown): WasmFunction {
  if (typeof exported !== 'function') throw new TypeError('the WebAssembly module lacks a function');
  return (first, second, third) => exported(first, second, third);
}
