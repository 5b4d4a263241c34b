import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { packageFile } from '../lambda/rules/package-file.ts';
import { buildCli } from './build-cli.ts';
import { buildConstruct } from './build-construct.ts';
import { buildLambda } from './build-lambda.ts';
import { buildWasm, wasmFile } from './build-wasm.ts';
import { copyRules } from './copy-rules.ts';
import { declarations } from './declarations.ts';
import { thirdPartyLicenses } from './licenses.ts';

// Writes dist/, which the npm package holds: the construct with its types, the command line, the functions' code, and the rules. They
// contain the WebAssembly module, which is written into the sources.
writeFileSync(wasmFile, await buildWasm());
const dist = packageFile('dist');
rmSync(dist, { recursive: true, force: true });
mkdirSync(dist);
copyRules(`${dist}/rules`);
const inputs = [await buildLambda(dist), await buildCli(dist), await buildConstruct(dist)].flat();
writeFileSync(`${dist}/index.d.cts`, await declarations());
writeFileSync(`${dist}/third-party-licenses.txt`, thirdPartyLicenses(inputs));
