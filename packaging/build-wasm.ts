import { readFileSync } from 'node:fs';
import asc from 'assemblyscript/asc';
import { packageFile } from '../lambda/rules/package-file.ts';

export const wasmFile = packageFile('lambda/framing/wasm-bytes.ts');

/** Compiles wasm/ from AssemblyScript. @returns the text of the file that holds the module */
export async function buildWasm(): Promise<string> {
  let binary = new Uint8Array();
  const { error, stderr } = await asc.main(
    [
      'wasm/index.ts',
      '--outFile',
      'module.wasm',
      '-O3',
      '--noAssert',
      '--runtime',
      'stub',
      '--enable',
      'simd',
      '--importMemory',
      '--noExportMemory',
    ],
    {
      readFile: (name, folder) => sourceOf(`${folder}/${name}`),
      writeFile: (_, contents) => {
        if (typeof contents !== 'string') binary = new Uint8Array(contents);
      },
      listFiles: () => [],
    },
  );
  if (error) throw new Error(`wasm/ could not be compiled: ${stderr.toString()}`, { cause: error });
  const base64 = Buffer.from(binary).toString('base64');
  return `// Written by \`npm run build\` from wasm/.\nexport const wasmBytes =\n  '${base64}';\n`;
}

function sourceOf(path: string): string | null {
  try {
    return readFileSync(packageFile(path), 'utf8');
  } catch {
    return null;
  }
}
