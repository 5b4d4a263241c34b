import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rolldown } from 'rolldown';
import { dts } from 'rolldown-plugin-dts';
import { packageFile } from '../lambda/rules/package-file.ts';

/** The public types in one file, without what is marked `@internal`. TypeScript of apps reads it, and docs/api.md shows it. */
export async function declarations(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'csrwatch-declarations-'));
  try {
    emitDeclarations(folder);
    const bundle = await rolldown({
      input: { index: join(folder, 'infra/index.d.ts') },
      external: [/^aws-cdk-lib/, 'constructs'],
      // the declarations exist, so no compiler is needed again
      plugins: [dts({ dtsOnly: true, sourcemap: false, generator: 'oxc' })],
    });
    const { output } = await bundle.generate({ format: 'es' });
    return output[0].code;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** One file of declarations for each module. */
function emitDeclarations(folder: string): void {
  const project = packageFile('packaging/tsconfig.json');
  const compiler = packageFile('node_modules/typescript/bin/tsc');
  const { status, stdout } = spawnSync(process.execPath, [compiler, '-p', project, '--outDir', folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stdout);
}
