import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { wasmBytes } from '../../lambda/framing/wasm-bytes.ts';
import { buildWasm, wasmFile } from '../../packaging/build-wasm.ts';

test('the WebAssembly module is what the compiler makes of its sources', async () => {
  expect(readFileSync(wasmFile, 'utf8')).toBe(await buildWasm());
});

test('the WebAssembly module has less than 3 kB', () => {
  expect(Buffer.from(wasmBytes, 'base64').length).toBeLessThan(3_000);
});
