import { expect, test } from 'vitest';
import { event, literal, scanChunks } from '../scan/scan-text.ts';

const sizes = [5_000, 65_536, 300_000, 4_000_000];
const json = JSON.stringify;
const frames: readonly [string, (texts: readonly string[]) => string, number][] = [
  ['documents with nothing between them', (texts) => texts.join(''), 0],
  ['pretty-printed documents', (texts) => texts.map((text) => `${text}\n`).join(''), 2],
  ['lines', (texts) => texts.map((text) => `${text}\n`).join(''), 0],
  ['a list', (texts) => `[${texts.join(',')}]`, 0],
];

/** Every hundredth holds the literal. */
function documents(indent: number): string[] {
  return Array.from({ length: 2_000 }, (_, index) => {
    const resource = index % 100 === 50 ? literal : 'pods';
    return json({ ...event(`${index}`, resource), pad: 'x'.repeat((index * 37) % 900) }, null, indent);
  });
}

async function outcomes(text: string) {
  const bytes = Buffer.from(text);
  const results = [];
  for (const size of sizes) {
    const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    const { ids, report } = await scanChunks(chunks);
    results.push({ candidates: ids.filter((id) => Number(id) % 100 === 50), rejected: report.rejected });
  }
  return results;
}

test.each(frames)('intact %s are never rejected, however large the chunks are', async (_, frame, indent) => {
  const wanted = Array.from({ length: 20 }, (_item, index) => `${index * 100 + 50}`);
  const all = await outcomes(frame(documents(indent)));
  expect(all).toEqual(sizes.map(() => ({ candidates: wanted, rejected: 0 })));
});

test.each(frames)('as many malformed %s are rejected in chunks of any size', async (_, frame, indent) => {
  for (const broken of [cutOff, withoutComma]) {
    // 1 holds the literal, the others do not
    const texts = documents(indent).map((text, index) =>
      index === 1_050 || index % 20 === 3 ? broken(text) : text,
    );
    const [first, ...others] = await outcomes(frame(texts));
    expect(first?.rejected).toBeGreaterThanOrEqual(1);
    expect(others).toEqual(others.map(() => first));
  }
});

function cutOff(text: string): string {
  return text.slice(0, -30);
}

function withoutComma(text: string): string {
  return text.replace(/,(\s*"userAgent")/, '$1');
}
