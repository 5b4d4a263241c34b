import { gzipSync, zstdCompressSync } from 'node:zlib';
import { csrEvent, csrShapes, issuanceEvent, type PlantedEvent, useEvent } from './planted-events.ts';
import { type Random, random } from './random.ts';
import { type Weather, weatherOf } from './weather.ts';

/** An object, a log delivery or a record of a stream. */
export interface PlannedInput {
  readonly id: string;
  readonly kind: 'object' | 'log' | 'stream';
  readonly events: readonly PlantedEvent[];
  /** Another content takes the object's place before it is read. */
  readonly overwritten: boolean;
  readonly bytes: Buffer;
  /** How many times AWS delivers it at the beginning. */
  readonly copies: number;
}

export interface Scenario {
  readonly seed: number;
  readonly events: readonly PlantedEvent[];
  readonly inputs: readonly PlannedInput[];
  readonly weather: Weather;
  /** Inputs that arrive together are invoked at the same time. */
  readonly together: boolean;
  /** The difference between the clocks of two execution environments. */
  readonly skewMs: number;
}

/** What a seed plants, delivers and breaks. */
export function scenarioOf(seed: number): Scenario {
  const chosen = random(seed, 'scenario');
  const events = [...csrEvents(seed, chosen), ...(chosen.chance(0.3) ? certificateEvents(seed, chosen) : [])];
  const inputs = Array.from({ length: chosen.pick([1, 2, 2, 3]) }, (_, index) =>
    inputOf(index, events, chosen),
  );
  // every event is somewhere
  const held = new Set(inputs.flatMap((input) => input.events));
  const rest = events.filter((event) => !held.has(event));
  return {
    seed,
    events,
    inputs: rest.length === 0 ? inputs : [...inputs, inputOf(inputs.length, rest, chosen, rest)],
    weather: weatherOf(chosen),
    together: chosen.chance(0.4),
    skewMs: chosen.chance(0.3) ? chosen.int(-500, 500) : 0,
  };
}

/** Several events of one user, and events of more than five users, are a storm, whose further events people get in a summary. */
function csrEvents(seed: number, chosen: Random): PlantedEvent[] {
  const isOfMany = chosen.chance(0.1);
  const count = isOfMany ? chosen.int(6, 8) : chosen.pick([1, 1, 2, 2, 3, 4]);
  const actors = isOfMany ? count : chosen.pick([1, 1, count]);
  const shape = chosen.chance(0.5) ? chosen.pick(csrShapes) : undefined;
  return Array.from({ length: count }, (_, index) =>
    csrEvent(shape ?? chosen.pick(csrShapes), `t${seed}x${index}`, `user-t${seed}-${index % actors}`),
  );
}

/** Certificates that are issued, and requests of clients with them. */
function certificateEvents(seed: number, chosen: Random): PlantedEvent[] {
  return Array.from({ length: chosen.pick([1, 1, 1, 2]) }, (_, index) => {
    const issued = issuanceEvent(`t${seed}x${100 + index}`, `user-t${seed}-${100 + index}`);
    const uses = Array.from({ length: chosen.pick([1, 1, 2, 3]) }, (__, use) =>
      useEvent(`t${seed}x${200 + index * 10 + use}`, issued),
    );
    return [issued, ...uses];
  }).flat();
}

function inputOf(
  index: number,
  all: readonly PlantedEvent[],
  chosen: Random,
  events = all.filter(() => chosen.chance(0.6)),
): PlannedInput {
  const kind = chosen.pick<PlannedInput['kind']>(['object', 'object', 'log', 'stream']);
  const id = `${kind}-${index}`;
  return {
    ...{ id, kind, events },
    overwritten: kind === 'object' && chosen.chance(0.1),
    bytes: kind === 'object' ? objectOf(events, chosen) : gzipSync(envelope(id, events)),
    copies: chosen.pick([1, 1, 1, 1, 2, 3]),
  };
}

function objectOf(events: readonly PlantedEvent[], chosen: Random): Buffer {
  const other = '{"kind":"Event","auditID":"other","verb":"get"}\n'.repeat(chosen.int(0, 50));
  const text = Buffer.from(events.map(({ line }) => `${other}${line}\n`).join(''));
  return chosen.pick([(bytes: Buffer) => bytes, gzipSync, zstdCompressSync])(text);
}

export function envelope(id: string, events: readonly PlantedEvent[]): string {
  return JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '000000000000',
    logGroup: '/aws/eks/prod/cluster',
    logStream: `kube-apiserver-audit-${id}`,
    subscriptionFilters: ['csrwatch'],
    logEvents: events.map(({ line }, index) => ({ id: `${index}`, timestamp: 0, message: line })),
  });
}
