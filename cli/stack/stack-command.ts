import { StackError } from './stack-outputs.ts';

/** A command of somebody who holds credentials of the account: its exit status is what `run` resolves with. */
export async function runCommand(name: string, run: () => Promise<number>): Promise<void> {
  try {
    process.exitCode = await run();
  } catch (error) {
    // a wrong call, a stack that isn't there, or AWS's own no: a sentence; anything else is a bug and shows its stack
    if (!isExpected(error)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    process.exitCode = 2;
  }
}

function isExpected(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return error instanceof StackError || '$metadata' in error || code.startsWith('ERR_PARSE_ARGS');
}
