import { readFileSync } from 'node:fs';
import { endQuietlyOnClosedPipe } from '../output.ts';
import { parseCall, usage } from './options.ts';
import { scanFiles } from './scan-files.ts';
import { terminalOf } from './terminal.ts';

endQuietlyOnClosedPipe();
const call = parseCall(process.argv.slice(2));
switch (call.kind) {
  case 'help':
    process.stdout.write(usage);
    break;
  case 'version': {
    const manifest: { version: string } = JSON.parse(
      readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
    );
    process.stdout.write(`csrwatch ${manifest.version}\n`);
    break;
  }
  case 'usage-error':
    process.stderr.write(`scan: ${call.message}\nscan --help shows the usage.\n`);
    process.exitCode = 2;
    break;
  case 'scan':
    process.exitCode = await scanFiles(call.options, terminalOf(process, process.env));
    break;
}
