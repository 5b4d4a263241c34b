import type { Random } from '../chaos/random.ts';
import type { Corpus, Json } from './corpus.ts';
import { type Framing, type FramingName, framings } from './framings.ts';
import { mutatedBytes } from './mutate-bytes.ts';
import { mutatedJson } from './mutate-json.ts';
import { plant } from './planted-events.ts';
import { cutsOf, restOf, unfinished } from './split-events.ts';

/** One record of an input. */
export interface FuzzRecord {
  readonly bytes: Buffer;
  /** The same as its producer writes it: more than one if the event is split. */
  readonly parts: readonly Buffer[];
  /** Its audit id, unless a mutation changed it. */
  readonly token: string;
  readonly isMutated: boolean;
  /** Whether a rule matches it; `undefined` if it was changed where rules may read it. */
  readonly matches: boolean | undefined;
  /** It is longer than what is parsed: it must be reported. */
  readonly isLong: boolean;
  /** It begins within its event: none of the planted ones may become a finding, wherever it ends. */
  readonly isRest: boolean;
  /** Audit ids of events in what a client wrote of this event: none is a record. */
  readonly planted: readonly string[];
  /** What it is, for the report of a failure. */
  readonly note: string;
}

export type Framed = FramingName | 'log events' | 'log events in a stream';

interface Draw {
  readonly token: string;
  readonly isMutated: boolean;
  readonly isLong: boolean;
  readonly framing: Framed;
  readonly corpus: Corpus;
  readonly chosen: Random;
}

export function drawRecord({ token, isMutated, isLong, framing, corpus, chosen }: Draw): FuzzRecord {
  const isMatching = chosen.chance(isMutated ? 0.4 : 0.65);
  const original = { ...chosen.pick(isMatching ? corpus.matching : corpus.other), auditID: token };
  const isCarrier = chosen.chance(0.35);
  const plantedToken = `${token}-planted`;
  const planted = { ...chosen.pick(corpus.matching), auditID: plantedToken };
  const carrier = isCarrier ? plant(original, planted, chosen) : undefined;
  const carrying: Json = carrier?.event ?? original;
  const event = isLong ? lengthened(carrying, chosen) : carrying;
  const { indent, wrap, wrapPart } = framingOf(framing);
  const json = JSON.stringify(event, null, indent);
  const intact: Buffer = Buffer.from(wrap(json));
  const base = {
    token,
    isMutated: isMutated || isLong,
    isLong,
    isRest: false,
    planted: carrier ? [plantedToken] : [],
    note: carrier?.place ?? 'an event',
  };
  if (isLong) return { ...base, ...inOne(intact), matches: undefined, note: `${base.note}, long` };
  // in a stream, the envelope may be packed in another way than CloudWatch Logs does, and is then read as an object's
  const isSplit = wrapPart && framing !== 'log events in a stream' && chosen.chance(0.4);
  const cuts = isSplit ? cutsOf(json, chosen, framing === 'log events') : [];
  if (!isMutated) {
    const isAsRecorded = carrier === undefined || carrier.place === 'an annotation';
    const matches = isAsRecorded ? isMatching : undefined;
    if (!wrapPart || cuts.length === 0) return { ...base, ...inOne(intact), matches };
    const texts = [0, ...cuts].map((from, index) => json.slice(from, cuts[index]));
    const last = texts.pop() ?? '';
    const parts = [...texts.map(wrapPart), wrap(last)].map((text) => Buffer.from(text));
    const bytes = Buffer.from(parts.join('\n'));
    return { ...base, bytes, parts, matches, note: `${base.note} in ${parts.length} parts` };
  }
  if (wrapPart && !carrier && chosen.chance(0.25)) {
    const bytes = Buffer.from(wrapPart(unfinished(json, chosen)));
    return { ...base, ...inOne(bytes), matches: undefined, note: 'the first part of an event' };
  }
  const rest = wrapPart && carrier && chosen.chance(0.3) ? restOf(json, plantedToken, chosen) : undefined;
  if (rest !== undefined)
    return {
      ...base,
      ...inOne(Buffer.from(wrap(rest))),
      isRest: true,
      matches: undefined,
      note: `the rest of ${base.note}`,
    };
  if (carrier === undefined && chosen.chance(0.5)) {
    const text = mutatedJson(event, chosen, corpus.requests);
    return {
      ...base,
      ...inOne(Buffer.from(wrap(indented(text, indent)))),
      matches: undefined,
      note: 'changed JSON',
    };
  }
  const other = Buffer.from(JSON.stringify(chosen.pick(corpus.other), null, indent));
  // what identifies an event comes first: what is behind it does not make another event of it
  const from = carrier ? headBytes(intact) : 0;
  if (carrier === undefined && chosen.chance(0.3)) {
    const inner = mutatedBytes(Buffer.from(JSON.stringify(event, null, indent)), other, chosen);
    const bytes = Buffer.from(wrap(inner.bytes.toString('utf8')));
    return { ...base, ...inOne(bytes), matches: undefined, note: `bytes inside: ${inner.name}` };
  }
  const { bytes, name } = mutatedBytes(intact, other, chosen, from);
  return { ...base, ...inOne(bytes), matches: undefined, note: `${base.note}, bytes: ${name}` };
}

const inOne = (bytes: Buffer) => ({ bytes, parts: [bytes] });

/** With a body that is too long, or has too many values, to be parsed. */
function lengthened(event: Json, chosen: Random): Json {
  const filling = chosen.pick<() => unknown>([
    () => 'x'.repeat(17 * 2 ** 20),
    () => '{"a":'.repeat(3 * 2 ** 20),
    () => Array.from({ length: 1_000_000 }, () => [0, 'x']),
  ])();
  const { requestObject, ...rest } = event;
  return { ...rest, requestObject: { filling, requestObject }, annotations: { x: 'y' } };
}

export function framingOf(framing: Framed): Framing {
  return framing === 'log events' || framing === 'log events in a stream'
    ? framings.lines
    : framings[framing];
}

/** Up to behind the user: kube-apiserver writes kind, level, audit id, stage, URI, verb and user first. */
function headBytes(bytes: Buffer): number {
  const user = bytes.indexOf('"user');
  return user < 0 ? bytes.length : user;
}

function indented(text: string, indent: number): string {
  if (indent === 0) return text;
  try {
    return JSON.stringify(JSON.parse(text), null, indent);
  } catch {
    return text;
  }
}
