import { packageVersion } from '../../lambda/rules/package-file.ts';
import { parseCall } from './scan-call.ts';
import { scanFiles } from './scan-files.ts';
import { usage } from './scan-usage.ts';
import { terminalOf } from './terminal.ts';

export async function run(args: readonly string[]): Promise<number> {
  const call = parseCall(args);
  switch (call.kind) {
    case 'help':
      process.stdout.write(usage);
      return 0;
    case 'version':
      process.stdout.write(`csrwatch ${packageVersion()}\n`);
      return 0;
    case 'usage-error':
      process.stderr.write(`scan: ${call.message}\nscan --help shows the usage.\n`);
      return 2;
    case 'scan':
      return await scanFiles(call.options, terminalOf(process, process.env), interruption());
  }
}

/** The first Ctrl-C ends the reading, so that what was found is printed; a second one ends the process. */
function interruption(): AbortSignal {
  const controller = new AbortController();
  process.once('SIGINT', () => controller.abort());
  return controller.signal;
}
