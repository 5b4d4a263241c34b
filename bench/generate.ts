import { createWriteStream, existsSync, mkdirSync, renameSync, statSync } from 'node:fs';
import { Readable, type Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import { type Recording, recordingText } from '../test/recordings.ts';

const folder = new URL('.data/', import.meta.url);

export type Kind = 'ndjson' | 'gz' | 'zst' | 'pretty' | 'concatenated' | 'list';

/** The same events in each framing and compression, with this many decompressed bytes. Generated once and kept. */
export async function dataFile(kind: Kind, bytes: number): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const path = new URL(`audit-${bytes}.${kind}`, folder).pathname;
  if (existsSync(path)) return path;
  const packer: Transform[] =
    kind === 'gz' ? [createGzip({ level: 6 })] : kind === 'zst' ? [createZstdCompress()] : [];
  await pipeline([Readable.from(chunks(bytes, kind)), ...packer, createWriteStream(`${path}.part`)]);
  renameSync(`${path}.part`, path);
  return path;
}

export function sizeOf(path: string): number {
  return statSync(path).size;
}

/**
 * Audit events of a working cluster: those of the recordings, repeated with new ids and times. One in 1,000 is of a
 * certificate signing request, so that it must be parsed; one in 20,000 is a write of one, which the rules find.
 * @param hasWrites - otherwise the rules find nothing
 */
export function* chunks(bytes: number, kind: Kind = 'ndjson', hasWrites = true): Generator<Buffer> {
  const normal = linesOf('eks-normal');
  const templates = normal.filter((line) => !line.includes('certificatesigningrequests'));
  const read = normal.filter((line) => isOfCsr.test(line) && /"verb":"(?:get|list|watch)"/.test(line));
  const written = linesOf('eks-attacks').filter((line) => isOfCsr.test(line) && /"verb":"create"/.test(line));
  const random = randomNumbers(42);
  let made = 0;
  let count = 0;
  while (made < bytes) {
    const parts: string[] = [];
    for (let index = 0; index < 400; index += 1) {
      count += 1;
      const from = count % 20_000 === 0 && hasWrites ? written : count % 1_000 === 0 ? read : templates;
      const line = varied(from[Math.floor(random() * from.length)] ?? '', random, count);
      parts.push(framed(line, kind, count === 1));
    }
    const chunk = Buffer.from(parts.join(''));
    made += chunk.length;
    yield chunk;
  }
  if (kind === 'list') yield Buffer.from(']');
}

/**
 * Requests for certificates, each with an object of its own.
 * @param user - of the request with this number
 */
export function writes(count: number, from: number, user: (index: number) => string): Buffer {
  const [template = ''] = linesOf('eks-attacks').filter(
    (line) => isOfCsr.test(line) && line.includes('"name":"dev-user"') && /"code":201/.test(line),
  );
  const random = randomNumbers(from + 1);
  const lines = Array.from({ length: count }, (_, index) =>
    varied(template, random, from + index)
      .replaceAll('"dev-user"', `"dev-user-${from + index}"`)
      .replaceAll(
        /"uid":"[0-9a-f-]{36}"/g,
        `"uid":"00000000-0000-4000-8000-${String(from + index).padStart(12, '0')}"`,
      )
      .replaceAll('PlatformAdmin/alice', `PlatformAdmin/${user(from + index)}`),
  );
  return Buffer.from(`${lines.join('\n')}\n`);
}

const isOfCsr = /"resource":"certificatesigningrequests"/;

function linesOf(recording: Recording): string[] {
  return recordingText(recording).trim().split('\n');
}

function framed(line: string, kind: Kind, first: boolean): string {
  switch (kind) {
    case 'pretty':
      return `${JSON.stringify(JSON.parse(line), null, 2)}\n`;
    case 'concatenated':
      return line;
    case 'list':
      return `${first ? '[' : ','}${line}`;
    case 'ndjson':
    case 'gz':
    case 'zst':
      return `${line}\n`;
  }
}

function varied(line: string, random: () => number, count: number): string {
  const hex = () =>
    Math.floor(random() * 0x1_0000_0000)
      .toString(16)
      .padStart(8, '0');
  return line
    .replace(
      /"auditID":"[^"]*"/,
      `"auditID":"${hex()}-${hex().slice(4)}-4${hex().slice(5)}-a${hex().slice(5)}-${hex()}${hex().slice(4)}"`,
    )
    .replaceAll(
      /"(requestReceived|stage)Timestamp":"[^"]*"/g,
      (_, name) => `"${name}Timestamp":"${timeOf(count)}"`,
    )
    .replace(/"resourceVersion":"\d+"/g, () => `"resourceVersion":"${Math.floor(random() * 1e7)}"`);
}

/** Of a log in the order of time, as Kubernetes writes it. */
function timeOf(count: number): string {
  const ms = firstMs + (count / eventsPerSecond) * 1_000;
  return `${new Date(ms).toISOString().slice(0, -1)}${String(count % 1_000).padStart(3, '0')}Z`;
}

const firstMs = Date.UTC(2026, 0, 5, 3);
/** Of a busy cluster. */
export const eventsPerSecond = 2_000;

/** The same numbers in every run. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
