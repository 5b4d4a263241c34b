import { readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { chart } from './chart.ts';
import type { Load } from './load.ts';
import { scaleCells, scaleTitles } from './scale.ts';
import { type Results, shown, targetsOf } from './targets.ts';
import type { Row } from './throughput.ts';

/** The ratios, then the measurements they are computed from. */
export function printed(results: Results): string {
  const targets = targetsOf(results);
  const width = Math.max(...targets.map(({ what }) => what.length));
  const lines = targets.map(
    ({ what, target, measured, inCpu, met }) =>
      `${met ? 'met   ' : 'missed'}  ${what.padEnd(width)}  ${measured}${inCpu ? `, CPU ${inCpu}` : ''} (target ${target})`,
  );
  const rows = (results.throughput?.rows ?? []).map((row) => rowCells(row).join('  '));
  const loads = (results.loads ?? []).map((load) => loadCells(load).join('  '));
  const missing = (results.throughput?.missing ?? []).map((name) => `${name} is not installed here`);
  return `${[...lines, '', ...rows, ...loads, ...missing].join('\n').trim()}\n`;
}

const page = new URL('../docs/performance.md', import.meta.url);
const start = '<!-- measured by `npm run bench` -->\n';
const end = '<!-- /measured -->';

/** Writes the measurements, with the machine and the date, into docs/performance.md. */
export function writePage(results: Results): void {
  const text = readFileSync(page, 'utf8');
  const from = text.indexOf(start) + start.length;
  writeFileSync(page, `${text.slice(0, from)}${measured(results)}${text.slice(text.indexOf(end))}`);
  writeFileSync(new URL('../docs/performance.svg', import.meta.url), chart(results.throughput?.rows ?? []));
}

function measured(results: Results): string {
  const [cpu] = cpus();
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus().length} cores of ${cpu?.model.trim() ?? 'an unknown kind'}, Node ${process.versions.node}`;
  const targets = targetsOf(results).map(({ what, target, measured: value, inCpu, met }) => [
    ...[what, value, inCpu ?? '', target],
    met ? 'met' : '**missed**',
  ]);
  return `${date}, ${machine}.

${table(['measurement', 'measured', 'in CPU time', 'target', 'result'], targets)}

${table(rowTitles, (results.throughput?.rows ?? []).map(rowCells))}

${table(loadTitles, (results.loads ?? []).map(loadCells))}

${table(scaleTitles, (results.loads ?? []).slice(0, 1).flatMap(scaleCells))}
`;
}

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

const rowTitles = ['reader', 'input', 'throughput', 'time', 'CPU time', 'peak memory'];

function rowCells({ name, input, megabytes, seconds, cpuSeconds, peakMegabytes }: Row): string[] {
  return [
    ...[name, input, `${(megabytes / seconds).toFixed(0)} MB/s`],
    ...[`${shown(seconds)} s`, `${shown(cpuSeconds)} s`],
    Number.isNaN(peakMegabytes) ? '' : `${peakMegabytes.toFixed(0)} MB`,
  ];
}

const loadTitles = [
  ...['load', 'events', 'decompressed', 'findings', 'until published: median', '99th percentile'],
  ...[
    'CPU time',
    'peak memory',
    'DynamoDB calls per finding',
    'SNS calls per finding',
    'messages for people',
  ],
];

function loadCells(load: Load): string[] {
  const { findings } = load;
  return [
    ...[load.name, load.events.toLocaleString('en'), `${shown(load.megabytes / 1e3)} GB`],
    ...[findings.toLocaleString('en'), `${shown(load.medianSeconds)} s`, `${shown(load.p99Seconds)} s`],
    ...[`${shown(load.cpuSeconds)} s`, `${load.peakMegabytes.toFixed(0)} MB`],
    ...[shown(load.dynamoDbCalls / findings), shown(load.snsCalls / findings)],
    String(load.messagesForPeople),
  ];
}
