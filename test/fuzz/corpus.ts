import { readdirSync, readFileSync } from 'node:fs';
import { deployedRules } from '../../infra/rules.ts';
import { detectionRulesOf } from '../../lambda/detector-of-rules.ts';
import { eventsOf, recordings } from '../recordings.ts';

export type Json = Readonly<Record<string, unknown>>;

/** What is mutated: recorded events and certificate requests. */
export interface Corpus {
  /** Events that a rule matches. */
  readonly matching: readonly [Json, ...Json[]];
  /** Events that none matches, some of which contain a literal of the rules. */
  readonly other: readonly [Json, ...Json[]];
  /** The content of `spec.request`. */
  readonly requests: readonly [string, ...string[]];
}

export const rules = deployedRules();
export const { detector } = detectionRulesOf(rules.definitions);

/** The recorded events, one of each shape, and the requests of the fixtures. */
export async function loadCorpus(): Promise<Corpus> {
  const shapes = new Map<string, Json>();
  for (const name of recordings) {
    for (const event of eventsOf(name).values()) {
      const shape = shapeOf(event);
      if (shape !== undefined && !shapes.has(shape)) shapes.set(shape, event);
    }
  }
  const matching: Json[] = [];
  const other: Json[] = [];
  for (const event of shapes.values()) {
    const place = { origin: { kind: 'file', path: 'a' }, offset: 0 } as const;
    const found = await detector.evaluate({ event, format: 'json', cluster: null, place });
    (found && found.length > 0 ? matching : other).push(event);
  }
  return { matching: some(matching), other: some(other), requests: certificateRequests() };
}

/** Of events that have nothing to do with certificates only a few are needed. */
function shapeOf(event: Json): string | undefined {
  const { verb, stage, objectRef, responseStatus, user } = JSON.parse(JSON.stringify(event));
  const { resource, subresource } = objectRef ?? {};
  if (/certificate|bundle/i.test(resource ?? '')) {
    const kind = String(user?.username).replace(/^(system:[a-z-]+).*/, '$1');
    return [resource, subresource, verb, stage, responseStatus?.code, kind].join(' ');
  }
  return ['create', 'get', 'watch'].includes(verb) && stage === 'ResponseComplete' ? verb : undefined;
}

/** The requests of the fixtures, as `spec.request`. */
export function certificateRequests(): readonly [string, ...string[]] {
  const folder = new URL('../fixtures/requests/', import.meta.url);
  const files = readdirSync(folder).filter((file) => file.endsWith('.csr'));
  return some(files.map((file) => readFileSync(new URL(file, folder)).toString('base64')));
}

function some<T>(items: readonly T[]): readonly [T, ...T[]] {
  const [first, ...rest] = items;
  if (first === undefined) throw new Error('the corpus is empty');
  return [first, ...rest];
}
