import { type Random, random } from '../chaos/random.ts';
import type { Corpus } from './corpus.ts';
import { drawRecord, type Framed, type FuzzRecord, framingOf } from './draw-record.ts';
import { type FramingName, framings } from './framings.ts';
import { mutatedJson } from './mutate-json.ts';
import { type Packed, packed, plainly } from './packings.ts';
import { envelopeOf, logPayload, objectPayload, type Payload, streamPayload } from './payloads.ts';

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

/** What is read as an object, not as an envelope of log events, which CloudWatch Logs keeps short. */
const isInObject = (framing: Framed) => !framing.startsWith('log events');

/** Records of 16 MiB take a second. */
const longShare = 1 / 2_000;

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
