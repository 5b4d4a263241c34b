import { event } from '../scan/scan-text.ts';

/** Numbers from 0 to 1, the same ones for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Framings: what is before, between and after the documents, and how far each is indented. */
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
  'EventLists, one a line': ['{"kind":"EventList","items":[', ']}\n{"kind":"EventList","items":[', ']}\n', 0],
  'documents with nothing between them': ['', '', '', 0],
  'pretty-printed documents': ['', '\n', '\n', 2],
};

export interface Broken {
  readonly text: Buffer;
  /** The ids of the records that no fault touches. */
  readonly intact: readonly string[];
  /** The others: their bytes and place; `isJson` if the fault left the document readable. */
  readonly broken: readonly {
    readonly kind: string;
    readonly bytes: string;
    readonly from: number;
    readonly to: number;
    readonly isJson: boolean;
  }[];
}

const kinds = ['delete', 'flip', 'line feed', 'cut', 'quote'] as const;
type Kind = (typeof kinds)[number];

/** A text of ten documents of which some are broken, never the first or the last: and which ones are intact. */
export function brokenText(framing: string, seed: number, faults = 1): Broken {
  const random = randomOf(seed);
  const pick = (count: number) => Math.floor(random() * count);
  const [before, between, after, indent] = framings[framing] ?? ['', '', '', 0];
  const victims = new Set(Array.from({ length: faults }, () => 1 + pick(8)));
  const parts: Buffer[] = [Buffer.from(before)];
  const broken: Broken['broken'][number][] = [];
  const intact: string[] = [];
  let from = before.length;
  for (let index = 0; index < 10; index += 1) {
    const document = Buffer.from(JSON.stringify(rich(`id-${index}`, pick), null, indent));
    const kind = kinds[pick(kinds.length)] ?? 'delete';
    const bytes = victims.has(index) ? broke(document, kind, pick) : document;
    if (index > 0) {
      parts.push(Buffer.from(between));
      from += between.length;
    }
    parts.push(bytes);
    const text = bytes.toString('latin1');
    const to = from + bytes.length;
    if (victims.has(index)) broken.push({ kind, bytes: text, from, to, isJson: isJson(text) });
    else intact.push(`id-${index}`);
    from = to;
  }
  return { text: Buffer.concat([...parts, Buffer.from(after)]), intact, broken };
}

/** With a byte lost, changed or put in, or the end cut off. */
function broke(document: Buffer, kind: Kind, pick: (count: number) => number): Buffer {
  const places = Array.from(document.keys());
  const structural = places.filter((place) => '"{}[],:'.includes(String.fromCharCode(document[place] ?? 0)));
  // as often at a quotation mark or a bracket as at any byte
  const among = pick(2) === 0 ? places : structural;
  const at = among[pick(among.length)] ?? 0;
  const spliced = (to: number, put: string) =>
    Buffer.concat([document.subarray(0, at), Buffer.from(put, 'latin1'), document.subarray(to)]);
  switch (kind) {
    case 'delete':
      return spliced(at + 1, '');
    case 'flip':
      return spliced(at + 1, String.fromCharCode((document[at] ?? 0) ^ (1 << pick(7))));
    case 'line feed':
      return spliced(at, '\n');
    case 'quote':
      return spliced(at, '"');
    case 'cut':
      return document.subarray(0, Math.max(1, at));
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
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
