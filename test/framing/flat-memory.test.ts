import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';

const program = fileURLToPath(new URL('scan-memory.ts', import.meta.url));
const literal = '"certificatesigningrequests"';

describe('memory stays under 300 MB for', () => {
  test.each<[string, string, string, string, number]>([
    ['64 MiB of objects on one line', '', '{},', literal, 64],
    ['a list of 64 MiB of objects', '[', '{},', `${literal}]`, 64],
    ['a record of 64 MiB', '{"a":[', '[],', `${literal}]}`, 64],
    ['16 MiB of openings', '', '[', literal, 16],
    ['16 MiB of openings of objects', '', '{"a":', literal, 16],
    ['a record of 15 MiB of objects', `[[${literal},`, '{},', '1]]\n', 15],
    ['a record of 15 MiB of lists', '{"a":[', '[],', `${literal}]}\n`, 15],
    ['64 MiB of text on one line', '', 'x', literal, 64],
  ])('%s', (_, head, part, tail, megabytes) => {
    const peak = Number(execFileSync(process.execPath, [program, head, part, tail, `${megabytes}`]));
    expect(peak).toBeGreaterThan(30);
    expect(peak).toBeLessThan(300);
  });
});
