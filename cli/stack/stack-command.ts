import { StackError } from './stack-outputs.ts';

/** Runs a command that uses the account's credentials; `run` resolves with its exit status. */
export async function runCommand(name: string, run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    // a usage error, a missing stack or an error of AWS is one sentence; anything else is a bug, with its stack trace
    if (!isExpected(error)) throw error;
    process.stderr.write(`${name}: ${error.message}\n`);
    return 2;
  }
}

function isExpected(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  const code = 'code' in error ? String(error.code) : '';
  return error instanceof StackError || '$metadata' in error || code.startsWith('ERR_PARSE_ARGS');
}
