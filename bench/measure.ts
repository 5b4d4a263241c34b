import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { median } from './median.ts';

/** One run of a command in its own process, from start to end. */
export interface Run {
  readonly seconds: number;
  /** User and system time of all its threads and children; NaN if the system does not report it. */
  readonly cpuSeconds: number;
  /** Of the process's largest resident set; NaN for a pipe of several processes. */
  readonly peakMegabytes: number;
}

export interface Command {
  readonly args: readonly string[];
  /** What it reads from standard input. */
  readonly input?: () => Iterable<Buffer>;
  /** Exit statuses that are no failure; by default 0. */
  readonly fine?: readonly number[];
}

export const nodeBin = process.execPath;
export const peer = (name: string, ...args: readonly string[]): Command => ({
  args: [nodeBin, fileURLToPath(new URL(`./peers/${name}`, import.meta.url)), ...args],
});
export const shell = (text: string): Command => ({ args: ['sh', '-c', text] });

export function isInstalled(tool: string): boolean {
  return spawnSync('sh', ['-c', `command -v ${tool}`]).status === 0;
}

/**
 * The medians of each command. The commands take turns, so that other load on the machine affects all alike; a first round,
 * which warms the page cache, is not counted.
 */
export async function interleaved(
  commands: Readonly<Record<string, Command>>,
  rounds: number,
): Promise<Map<string, Run>> {
  const runs = new Map<string, Run[]>();
  for (let round = 0; round <= rounds; round += 1) {
    for (const [name, command] of Object.entries(commands)) {
      const run = await once(command);
      if (round > 0) runs.set(name, [...(runs.get(name) ?? []), run]);
    }
    process.stderr.write(`round ${round} of ${rounds}: ${Object.keys(commands).join(', ')}\n`);
  }
  return new Map([...runs].map(([name, all]) => [name, medians(all)]));
}

function medians(runs: readonly Run[]): Run {
  return {
    seconds: median(runs.map(({ seconds }) => seconds)),
    cpuSeconds: median(runs.map(({ cpuSeconds }) => cpuSeconds)),
    peakMegabytes: median(runs.map(({ peakMegabytes }) => peakMegabytes)),
  };
}

export async function once({ args: [file = '', ...args], input, fine = [0] }: Command): Promise<Run> {
  const cpuBefore = childrenCpuSeconds();
  const started = process.hrtime.bigint();
  const child = spawn(file, args, { stdio: ['pipe', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr = `${stderr}${text}`.slice(-1_000);
  });
  const peak = watchMemory(child.pid ?? 0);
  const ended = new Promise<number | null>((resolve, reject) =>
    child.on('close', resolve).on('error', reject),
  );
  // how the command ended says more
  child.stdin.on('error', () => {});
  for (const chunk of input?.() ?? []) {
    if (child.stdin.destroyed) break;
    if (!child.stdin.write(chunk))
      await Promise.race([new Promise((resolve) => child.stdin.once('drain', resolve)), ended]);
  }
  child.stdin.end();
  const status = await ended;
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const peakMegabytes = peak();
  if (status === null || !fine.includes(status))
    throw new Error(`${file} ${args.join(' ')} ended with ${status}: ${stderr}`);
  return {
    seconds,
    cpuSeconds: childrenCpuSeconds() - cpuBefore,
    peakMegabytes: file === 'sh' ? Number.NaN : peakMegabytes,
  };
}

/** Linux counts the time of children that have ended in `/proc/self/stat`, in hundredths of a second. */
function childrenCpuSeconds(): number {
  const fields = processFile('self', 'stat')?.split(') ')[1]?.split(' ') ?? [];
  const [user, system] = [fields[13], fields[14]].map(Number);
  return ((user ?? Number.NaN) + (system ?? Number.NaN)) / 100;
}

/** Linux reports a process's largest resident set while it runs. */
function watchMemory(pid: number): () => number {
  let peak = Number.NaN;
  const timer = setInterval(() => {
    const now = peakMegabytesOf(pid);
    if (!Number.isNaN(now)) peak = now;
  }, 20);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

/** The largest resident set of a running process so far. */
export function peakMegabytesOf(pid: number): number {
  const [, kilobytes] = /VmHWM:\s*(\d+) kB/.exec(processFile(`${pid}`, 'status') ?? '') ?? [];
  return Number(kilobytes ?? Number.NaN) / 1_024;
}

/** User and system time of a running process so far. */
export function cpuSecondsOf(pid: number): number {
  const fields = processFile(`${pid}`, 'stat')?.split(') ')[1]?.split(' ') ?? [];
  const [user, system] = [fields[11], fields[12]].map(Number);
  return ((user ?? Number.NaN) + (system ?? Number.NaN)) / 100;
}

function processFile(process: string, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${process}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
