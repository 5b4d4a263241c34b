import { event } from './scan-text.ts';

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Ways of putting documents one after another: what stands before, between and after, and how each is written. */
export const framings: Readonly<Record<string, readonly [string, string, string, number]>> = {
  lines: ['', '\n', '\n', 0],
  'a list': ['[', ',', ']', 0],
  'a list, an item a line': ['[\n', ',\n', '\n]\n', 0],
  'a pretty-printed list': ['[\n', ',\n', '\n]\n', 2],
  'an EventList': [
    '{"kind":"EventList","apiVersion":"audit.k8s.io/v1","metadata":{},"items":[',
    ',',
    ']}\n',
    0,
  ],
  'a pretty-printed EventList': ['{\n  "kind": "EventList",\n  "items": [\n', ',\n', '\n  ]\n}\n', 2],
  'documents with nothing between them': ['', '', '', 0],
  'pretty-printed documents': ['', '\n', '\n', 2],
};

export interface Broken {
  readonly text: Buffer;
  /** The ids of the records that no fault touches. */
  readonly intact: readonly string[];
  /** What was done, and where: `from` and `to` of the record, the fault's own place where it lies between two. */
  readonly fault: { readonly kind: string; readonly from: number; readonly to: number };
}

const kinds = ['delete', 'flip', 'line feed', 'cut', 'quote'] as const;

/** A text of documents of which one is broken: a byte lost, changed or put in, or its end cut off. */
export function brokenText(framing: string, seed: number): Broken {
  const random = randomOf(seed);
  const pick = (count: number) => Math.floor(random() * count);
  const [before, between, after, indent] = framings[framing] ?? ['', '', '', 0];
  const documents = Array.from({ length: 8 }, (_, index) =>
    Buffer.from(JSON.stringify(rich(`id-${index}`, pick), null, indent)),
  );
  const parts: Buffer[] = [Buffer.from(before)];
  const spans = documents.map((document, index) => {
    if (index > 0) parts.push(Buffer.from(between));
    const from = parts.reduce((sum, { length }) => sum + length, 0);
    parts.push(document);
    return { from, to: from + document.length };
  });
  parts.push(Buffer.from(after));
  const bytes = Buffer.concat(parts);
  const kind = kinds[pick(kinds.length)] ?? 'delete';
  const victim = spans[1 + pick(6)] ?? { from: 0, to: 0 };
  // as often a quotation mark or a bracket as any byte
  const structural = Array.from(
    { length: victim.to - victim.from },
    (_, index) => victim.from + index,
  ).filter((place) => '"{}[],:'.includes(String.fromCharCode(bytes[place] ?? 0)));
  const at =
    random() < 0.5 ? victim.from + pick(victim.to - victim.from) : (structural[pick(structural.length)] ?? 0);
  const cut = { from: victim.from + 1 + pick(victim.to - victim.from - 1), to: victim.to };
  const [from, to, put] = {
    delete: [at, at + 1, ''],
    flip: [at, at + 1, String.fromCharCode((bytes[at] ?? 0) ^ (1 << pick(7)))],
    'line feed': [at, at, '\n'],
    cut: [cut.from, cut.to, ''],
    quote: [at, at, '"'],
  }[kind] as [number, number, string];
  const text = Buffer.concat([bytes.subarray(0, from), Buffer.from(put, 'latin1'), bytes.subarray(to)]);
  const intact = spans.flatMap((span, index) => (span === victim ? [] : [`id-${index}`]));
  return { text, intact, fault: { kind, ...victim } };
}

/** An event with what makes it hard to tell apart: lists of objects, JSON in a text, brackets in a text. */
function rich(auditID: string, pick: (count: number) => number) {
  const words = ['}{"a', '{"kind":"Event"', '\\', '"', 'a}', '[{', 'x\ny', 'é', '},{'];
  return {
    ...event(auditID, undefined, `kubectl ${words[pick(words.length)]}`),
    user: { username: 'anna', groups: ['system:authenticated', words[pick(words.length)]], extra: {} },
    sourceIPs: ['10.0.0.1'],
    requestObject: {
      metadata: {
        annotations: { last: JSON.stringify({ kind: 'Pod', spec: { containers: [{ name: 'a' }] } }) },
        managedFields: [
          { manager: 'kubectl', fieldsV1: { 'f:spec': {} } },
          { manager: 'b', time: null },
        ],
      },
      spec: {
        request: 'LS0tLS1',
        usages: ['client auth'],
        expirationSeconds: 600,
        replicas: [1, -2.5e3, true],
      },
    },
    annotations: { 'authorization.k8s.io/decision': 'allow' },
  };
}
