import { gzipSync, zstdCompressSync } from 'node:zlib';
import { truthTable } from '../truth-table.ts';
import { type Weather, weatherOf } from './faults.ts';
import { type Random, random } from './random.ts';

/** An audit event that rules match, each by another user. */
export interface PlantedEvent {
  /** Also the event's audit id, and a part of its user's name. */
  readonly token: string;
  readonly shape: ShapeName;
  readonly line: string;
}

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

/** The events of the truth table that are planted, by what they are. */
const shapes = {
  request: 'create by kubernetes-admin, 201, allow',
  approval: 'update on approval, as kubectl certificate approve does',
  signing: "update on status by a custom signer's service account",
} as const;
export type ShapeName = keyof typeof shapes;
export const shapeNames: readonly [ShapeName, ...ShapeName[]] = ['request', 'approval', 'signing'];

export function plantedEvent(shape: ShapeName, token: string): PlantedEvent {
  const found = truthTable.find(({ name }) => name === shapes[shape]);
  const event: Record<string, unknown> = JSON.parse(found?.text ?? '');
  const user = { username: `user-${token}.`, groups: ['system:authenticated'] };
  return { token, shape, line: JSON.stringify({ ...event, auditID: token, user }) };
}

/** What a seed plants, delivers and breaks. */
export function scenarioOf(seed: number): Scenario {
  const chosen = random(seed, 'scenario');
  // more than five users are a storm, whose further events people get in a summary
  const stormOf = chosen.chance(0.2) ? chosen.pick(shapeNames) : undefined;
  const count = stormOf ? chosen.int(7, 14) : chosen.int(1, 5);
  const events = Array.from({ length: count }, (_, index) =>
    plantedEvent(stormOf ?? chosen.pick(shapeNames), `t${seed}x${index}`),
  );
  const inputs = Array.from({ length: chosen.int(1, 3) }, (_, index) => inputOf(index, events, chosen));
  // every event is somewhere
  const held = new Set(inputs.flatMap((input) => input.events));
  const rest = events.filter((event) => !held.has(event));
  return {
    seed,
    events,
    inputs: rest.length === 0 ? inputs : [...inputs, inputOf(inputs.length, rest, chosen, rest)],
    weather: weatherOf(chosen),
    together: chosen.chance(0.4),
    skewMs: chosen.chance(0.3) ? chosen.int(-50, 50) : 0,
  };
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
    overwritten: kind === 'object' && chosen.chance(0.05),
    bytes: kind === 'object' ? objectOf(events, chosen) : gzipSync(envelope(id, events)),
    copies: chosen.pick([1, 1, 1, 2, 3]),
  };
}

function objectOf(events: readonly PlantedEvent[], chosen: Random): Buffer {
  const other = '{"kind":"Event","auditID":"other","verb":"get"}\n'.repeat(chosen.int(0, 50));
  const text = Buffer.from(events.map(({ line }) => `${other}${line}\n`).join(''));
  return chosen.pick([(bytes: Buffer) => bytes, gzipSync, zstdCompressSync])(text);
}

function envelope(id: string, events: readonly PlantedEvent[]): string {
  return JSON.stringify({
    messageType: 'DATA_MESSAGE',
    owner: '000000000000',
    logGroup: '/aws/eks/prod/cluster',
    logStream: `kube-apiserver-audit-${id}`,
    subscriptionFilters: ['csrwatch'],
    logEvents: events.map(({ line }, index) => ({ id: `${index}`, timestamp: 0, message: line })),
  });
}
