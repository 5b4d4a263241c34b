import { type Random, random } from '../chaos/random.ts';
import type { Corpus, Json } from './corpus.ts';
import { type Framing, type FramingName, framings } from './framings.ts';
import { mutatedBytes } from './mutate-bytes.ts';
import { mutatedJson } from './mutate-json.ts';
import { type Packed, packed, plainly } from './packings.ts';
import { envelopeOf, logPayload, objectPayload, type Payload, streamPayload } from './payloads.ts';
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

/** What a seed determines. */
export interface Plan {
  readonly seed: number;
  readonly framing: Framed;
  readonly records: readonly FuzzRecord[];
  /** Nothing but the records is unusual: not packed, announced by S3 itself. */
  readonly isSimple: boolean;
}

export interface FuzzCase extends Plan {
  /** The records in their framing. */
  readonly text: Buffer;
  /** Where each record begins in the text. */
  readonly offsets: readonly number[];
  /** The object; of log events, nothing. */
  readonly packed: Packed | undefined;
  readonly payload: Payload;
  /** The payload itself is mutated, except for the neighbor. */
  readonly isPayloadMutated: boolean;
  /** A matching event in an input of its own, which arrives in the same batch. */
  readonly neighbor: string | undefined;
  /** The function gets the bytes in chunks of this size, the scan in others. */
  readonly chunkBytes: number;
  readonly scanChunkBytes: number;
}

const framingNames = Object.keys(framings).filter((name): name is FramingName => name in framings);

export function planOf(seed: number, corpus: Corpus): Plan {
  const chosen = random(seed, 'records');
  const framing = chosen.chance(0.2)
    ? chosen.pick(['log events', 'log events', 'log events in a stream'] as const)
    : (framingNames[chosen.int(0, framingNames.length - 1)] ?? 'lines');
  const count = chosen.int(8, 18);
  const mutated = chosen.int(0, count - 1);
  const long = isInObject(framing) && chosen.chance(longShare) ? chosen.int(0, count - 1) : -1;
  const records = Array.from({ length: count }, (_, index) => {
    const token = `f${seed}-${index}-${chosen.int(0, 999_999)}`;
    const isMutated = index === mutated || chosen.chance(0.8);
    return drawRecord({ token, isMutated, isLong: index === long, framing, corpus, chosen });
  });
  return { seed, framing, records, isSimple: false };
}

interface Draw {
  readonly token: string;
  readonly isMutated: boolean;
  readonly isLong: boolean;
  readonly framing: Framed;
  readonly corpus: Corpus;
  readonly chosen: Random;
}

function drawRecord({ token, isMutated, isLong, framing, corpus, chosen }: Draw): FuzzRecord {
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

/** What is read as an object, not as an envelope of log events, which CloudWatch Logs keeps short. */
const isInObject = (framing: Framed) => !framing.startsWith('log events');

/** Records of 16 MiB take a second. */
const longShare = 1 / 2_000;

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

export function caseOf(plan: Plan, corpus: Corpus): FuzzCase {
  const { seed, framing, records, isSimple } = plan;
  const chosen = random(seed, 'input');
  const { text, offsets } = joined(records, framing);
  // not too many chunks: each takes a turn of the event loop
  const chunkBytes = chosen.chance(0.5)
    ? 65_536
    : Math.max(chosen.pick([1, 100, 1_000]), Math.ceil(text.length / 12));
  const neighborToken = `f${seed}-neighbor`;
  const neighborText = Buffer.from(
    JSON.stringify({ ...chosen.pick(corpus.matching), auditID: neighborToken }),
  );
  const hasNeighbor = !isSimple && chosen.chance(0.15);
  const isWhole = isSimple || chunkBytes === 65_536;
  const scanChunkBytes = isWhole && !isSimple ? Math.max(1, Math.ceil(text.length / 5)) : 65_536;
  const base = { ...plan, text, offsets, chunkBytes: isWhole ? 65_536 : chunkBytes, scanChunkBytes };
  if (framing === 'log events' || framing === 'log events in a stream') {
    const messages = records.flatMap(({ parts }) => parts.map((part) => part.toString('utf8')));
    const envelope = envelopeOf(messages);
    const isPayloadMutated = !isSimple && chosen.chance(0.15);
    const written = isPayloadMutated
      ? mutatedJson({ ...envelope }, chosen, corpus.requests)
      : JSON.stringify(envelope);
    const log = logPayload(written);
    if (framing === 'log events')
      return { ...base, packed: undefined, payload: log, isPayloadMutated, neighbor: undefined };
    const isPlain = !isSimple && chosen.chance(0.3);
    const packing = isPlain ? plainly(Buffer.from(written)) : packed(Buffer.from(written), chosen);
    const { bytes } = packing;
    const payload = streamPayload(hasNeighbor ? [bytes, neighborText] : [bytes]);
    const neighbor = hasNeighbor ? neighborToken : undefined;
    return { ...base, packed: packing, payload, isPayloadMutated, neighbor };
  }
  const packing = isSimple ? plainly(text) : packed(text, chosen);
  const objects = [
    { key: `logs/a b+c ${seed}`, bytes: packing.bytes },
    ...(hasNeighbor ? [{ key: `logs/neighbor ${seed}`, bytes: neighborText }] : []),
  ];
  const payload = objectPayload(objects, chosen);
  const isPayloadMutated = !isSimple && hasNeighbor && chosen.chance(0.5) && payload.name.endsWith('SQS');
  const neighbor = hasNeighbor ? neighborToken : undefined;
  return {
    ...base,
    packed: packing,
    payload: isPayloadMutated ? mutatedBatch(payload, chosen, corpus) : payload,
    isPayloadMutated,
    neighbor,
  };
}

/** With the first message of the batch changed, or its body. */
function mutatedBatch(payload: Payload, chosen: Random, corpus: Corpus): Payload {
  const {
    Records: [first, ...rest],
  } = JSON.parse(JSON.stringify(payload.event));
  const isBody = chosen.chance(0.6);
  const changed = isBody
    ? { ...first, body: mutatedJson(JSON.parse(first.body), chosen, corpus.requests) }
    : JSON.parse(mutatedJson(first, chosen, corpus.requests));
  return { ...payload, event: { Records: [changed, ...rest] } };
}

function joined(records: readonly FuzzRecord[], framing: Framed): { text: Buffer; offsets: number[] } {
  const { before, between, after } = framingOf(framing);
  const parts: Buffer[] = [Buffer.from(before)];
  const offsets: number[] = [];
  let at = Buffer.byteLength(before);
  for (const [index, { bytes }] of records.entries()) {
    if (index > 0) {
      parts.push(Buffer.from(between));
      at += Buffer.byteLength(between);
    }
    offsets.push(at);
    parts.push(bytes);
    at += bytes.length;
  }
  return { text: Buffer.concat([...parts, Buffer.from(after)]), offsets };
}
