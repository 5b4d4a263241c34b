import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { tarMembers } from '../../../cli/scan/tar-members.ts';
import { recordingText } from '../../recordings.ts';
import { runScan } from '../../run-command.ts';

const fixture = (name: string) =>
  fileURLToPath(new URL(`../../fixtures/archives/${name}.tar.gz`, import.meta.url));
const archive = (name: string) => gunzipSync(readFileSync(fixture(name)));
const folder = mkdtempSync(join(tmpdir(), 'csrwatch-archives-'));
const deep = `logs/${'a'.repeat(60)}/${'b'.repeat(60)}/c.log`;

function found(path: string, input?: Buffer) {
  const { stdout, status } = runScan(
    ['--format', 'json', '--only', 'kubernetes-csr-created-or-approved', path],
    input,
  );
  const { findings, stats } = JSON.parse(stdout);
  return {
    ids: findings.map(({ event }: { event: { auditID: string } }) => event.auditID),
    paths: findings.map(({ place }: { place: { origin: { path: string } } }) => place.origin.path),
    reasons: stats.faults.map(({ reason }: { reason: string }) => reason),
    status,
  };
}

function written(name: string, bytes: Buffer): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** A header of POSIX, and the file, padded. */
function member(name: string, content: Buffer): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write(`${content.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('        0', 148);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((all, byte) => all + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}

describe('the files in a tar archive are scanned, each as an input of its own', () => {
  test.each(['ustar', 'gnu', 'pax'])('%s', (name) => {
    expect(found(fixture(name))).toEqual({
      ids: ['first', 'deep', 'packed'],
      paths: ['logs/a.log', deep, 'logs/b.log.gz'].map((path) => `${fixture(name)}/${path}`),
      reasons: [],
      status: 1,
    });
  });

  test('without compression, whatever its name, and on standard input', () => {
    const path = written('audit.log', archive('pax'));
    expect(found(path).ids).toEqual(['first', 'deep', 'packed']);
    expect(found('-', archive('pax')).ids).toEqual(['first', 'deep', 'packed']);
  });

  test('the uses of a certificate are found in them', () => {
    const lines = recordingText('selfmanaged').trimEnd().split('\n');
    const isUse = (line: string) => line.includes('X509SHA256=8ef7b2bf');
    const files = [isUse, (line: string) => !isUse(line)].map((keep, index) =>
      member(`${index}.log`, Buffer.from(`${lines.filter(keep).join('\n')}\n`)),
    );
    const path = written('two.tar.gz', gzipSync(Buffer.concat([...files, Buffer.alloc(1_024)])));
    expect(runScan(['--csr', 'bob-laptop', path]).stdout).toMatch(/ {2}Uses +3 requests\n/);
  });
});

describe('a fault of the archive', () => {
  test('a sparse file', () => {
    const { ids, reasons, status } = found(fixture('sparse'));
    expect({ ids, status }).toEqual({ ids: ['first'], status: 2 });
    expect(reasons).toEqual(['logs/sparse.log: a sparse file in a tar archive is not read: extract it']);
  });

  test('the end is missing', () => {
    const cut = archive('pax').subarray(0, 2_000);
    const { reasons, status } = found(written('cut.tar', cut));
    expect({ reasons, status }).toEqual({ reasons: [expect.stringContaining('cut off')], status: 2 });
  });

  test('something else follows', () => {
    const path = written(
      'other.tar',
      Buffer.concat([member('a.log', Buffer.from('{}\n')), Buffer.alloc(512, 'x')]),
    );
    expect(found(path).reasons).toEqual(['no tar header at byte 1024']);
  });

  test('a file in it is of a kind that is not read, and the others are', () => {
    const parquet = member('part.parquet', Buffer.from('PAR1 and more'));
    const { ids, reasons } = found(written('mixed.tar', Buffer.concat([parquet, archive('gnu')])));
    expect(ids).toEqual(['first', 'deep', 'packed']);
    expect(reasons).toEqual(['part.parquet: Parquet is not read: have the log written as JSON']);
  });
});

test('the members are the same however the bytes arrive, and a member that is not read is skipped', async () => {
  const bytes = archive('gnu');
  for (const size of [1, 100, 512, 700, 1e6]) {
    async function* chunks() {
      for (let from = 0; from < bytes.length; from += size) yield bytes.subarray(from, from + size);
    }
    const names: string[] = [];
    let content = '';
    for await (const { name, bytes: member } of tarMembers(chunks())) {
      names.push(name);
      if (name === deep) for await (const chunk of member) content += chunk.toString();
    }
    expect(names).toEqual(['logs/a.log', deep, 'logs/b.log.gz', 'logs/nothing.log']);
    expect(JSON.parse(content).auditID).toBe('deep');
  }
});
