import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Run {
  readonly seconds: number;
  /** Of the process's largest resident set. */
  readonly peakMegabytes: number;
  readonly stdout: string;
}

const here = (name: string) => fileURLToPath(new URL(name, import.meta.url));
const nodeBin = process.execPath;
const repetitions = 3;

export const scanCommand = [
  nodeBin,
  here('../cli/csrwatch.js'),
  'scan',
  '--format',
  'json',
  '--only',
  'kubernetes-csr-created-or-approved',
];
/** As an investigator runs it: all rules, with the stories. */
export const storyCommand = [nodeBin, here('../cli/csrwatch.js'), 'scan'];
export const peer = (name: string) => [nodeBin, here(`./peers/${name}`)];

/** The median of three runs, each in its own process. A first run, which warms the page cache, is not counted. */
export async function timed(command: readonly string[], input?: () => Iterable<Buffer>): Promise<Run> {
  const runs: Run[] = [];
  if (!input) await once(command);
  for (let index = 0; index < (input ? 1 : repetitions); index += 1) runs.push(await once(command, input));
  const sorted = runs.sort((a, b) => a.seconds - b.seconds);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (!median) throw new Error('nothing ran');
  return median;
}

export function isInstalled(tool: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
}

/** One run in its own process. */
export async function once(
  [file = '', ...args]: readonly string[],
  input?: () => Iterable<Buffer>,
): Promise<Run> {
  const started = process.hrtime.bigint();
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'inherit'] });
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (stdout.length < 1e6) stdout += text;
  });
  const peak = watchMemory(child.pid ?? 0);
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on('close', resolve).on('error', reject),
  );
  if (input) {
    for (const chunk of input()) {
      if (!child.stdin.write(chunk)) await new Promise((resolve) => child.stdin.once('drain', resolve));
    }
  }
  child.stdin.end();
  const status = await ended;
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  // a scan with findings exits with 1
  const isFine = status === 0 || (status === 1 && args[0] === scanCommand[1]);
  if (!isFine) throw new Error(`${file} ${args.join(' ')} ended with ${status}`);
  return { seconds, peakMegabytes: peak(), stdout };
}

/** Linux reports a process's largest resident set while it runs. */
function watchMemory(pid: number): () => number {
  let peak = 0;
  const timer = setInterval(() => {
    const { stdout } = spawnSync('sh', ['-c', `grep VmHWM /proc/${pid}/status 2>/dev/null`], {
      encoding: 'utf8',
    });
    peak = Math.max(peak, Number(/(\d+) kB/.exec(stdout)?.[1] ?? 0) / 1_024);
  }, 200);
  return () => {
    clearInterval(timer);
    return peak;
  };
}
