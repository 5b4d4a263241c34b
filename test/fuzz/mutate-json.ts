import { isObject } from '../../lambda/json/read-json.ts';
import type { Random } from '../chaos/random.ts';
import type { Json } from './corpus.ts';
import { mutatedRequest } from './mutate-request.ts';

/**
 * Changes the JSON of an event in one to three places. A place is chosen by walking down from the event, so that keys near
 * the top, which decide what an event is, are changed as often as the many values deep in its bodies.
 * @returns JSON text, which may be JSON that no writer writes: equal keys, huge numbers, lone surrogates
 */
export function mutatedJson(event: Json, random: Random, requests: readonly [string, ...string[]]): string {
  const raw: string[] = [];
  let value: unknown = JSON.parse(JSON.stringify(event));
  for (let left = random.int(1, 3); left > 0; left -= 1) {
    value = random.chance(0.15) ? withRequest(value, random, requests) : changed(value, random, raw);
  }
  const text = JSON.stringify(value) ?? 'null';
  return raw.length === 0 ? text : text.replace(/"\u0001(\d+)"(:null)?/g, (_, index) => raw[index] ?? '');
}

/** A text that JSON.stringify cannot write; one that holds a colon is a member if it is used as a key. */
function literally(text: string, raw: string[]): string {
  raw.push(text);
  return `\u0001${raw.length - 1}`;
}

function changed(value: unknown, random: Random, raw: string[]): unknown {
  if (Array.isArray(value) && value.length > 0 && random.chance(0.8)) {
    const at = random.int(0, value.length - 1);
    if (random.chance(0.2)) return [...value.slice(0, at), ...value.slice(at + 1)];
    if (random.chance(0.1)) return [...value, ...value];
    return value.map((item, index) => (index === at ? changed(item, random, raw) : item));
  }
  if (isObject(value) && random.chance(0.9)) return changedObject(value, random, raw);
  return hostileValue(value, random, raw);
}

function changedObject(object: Json, random: Random, raw: string[]): unknown {
  const entries = Object.entries(object);
  const at = random.int(0, Math.max(0, entries.length - 1));
  const [key = 'a', value] = entries[at] ?? [];
  const replaced = (...instead: [string, unknown][]) => {
    const all = [...entries.slice(0, at), ...instead, ...entries.slice(at + 1)];
    // as JSON.parse: a key `__proto__` is an own property
    return Object.defineProperties(
      {},
      Object.fromEntries(
        all.map(([name, inner]) => [
          name,
          { value: inner, enumerable: true, configurable: true, writable: true },
        ]),
      ),
    );
  };
  switch (random.int(0, 9)) {
    case 0:
      return replaced();
    case 1: {
      const again = random.pick<unknown>([value, null, {}, 'x', 'certificatesigningrequests', 'create']);
      const member = `${JSON.stringify(key)}:${JSON.stringify(again)}`;
      return random.chance(0.5)
        ? replaced([literally(member, raw), null], [key, value])
        : replaced([key, value], [literally(member, raw), null]);
    }
    case 2:
      return replaced([hostileKey(key, random), value]);
    case 3: {
      const [other = '', otherValue] = entries[random.int(0, entries.length - 1)] ?? [];
      return { ...object, [key]: otherValue, [other]: value };
    }
    case 4:
      return replaced([key, value], [hostileKey(key, random), hostileValue(value, random, raw)]);
    case 5:
      return replaced([key, hostileValue(value, random, raw)]);
    default:
      return replaced([key, changed(value, random, raw)]);
  }
}

function hostileKey(key: string, random: Random): string {
  const names = ['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', '', '0'];
  return random.pick([
    random.pick(['__proto__', ...names]),
    key.toUpperCase(),
    key.charAt(0).toUpperCase() + key.slice(1),
    `${key} `,
    `${key}\u0000`,
    random.pick(['items', 'logEvents', 'message', 'log', 'Records', 'requestObject', 'spec', 'status']),
    'k'.repeat(random.int(1, 500)),
  ]);
}

const numbers = [
  ...['1e999', '-1e999', '1E400', '-0', '0.1e-400', '9007199254740993', '12345678901234567890', '1e21'],
  ...['-1', '2147483648', '4294967296', '0', '1.5', `1${'0'.repeat(400)}`, '1e-7'],
] as const;

const texts = [
  ...[
    '',
    ' ',
    '\u0000',
    '\u2028',
    '\u2029',
    '\u0085',
    '\ufeff',
    '\u202e',
    '\u001b[31m',
    '\r\n',
    '\n{"a":1}\n',
  ],
  ...['__proto__', 'constructor', 'null', 'true', 'NaN', '{', '[', '"', '\\', '%s', '<!channel>'],
  ...['certificatesigningrequests', 'system:masters', '2026-13-45T99:99:99Z', '*', 'a/b?c=d&c=e#f', '::1'],
  ...['LS0tLS1CRUdJTg==', '{"kind":"Event","apiVersion":"audit.k8s.io/v1"}', '😀'.repeat(50), 'é'],
] as const;

function hostileValue(value: unknown, random: Random, raw: string[]): unknown {
  switch (random.int(0, 10)) {
    case 0:
      return literally(random.pick(['0', ...numbers]), raw);
    case 1:
      return random.pick(['', ...texts]);
    case 2:
      return literally(random.pick(['"\\ud800"', '"\\udc00x"', '"\\ud83d"', '"\\u0000"', '"\\/"']), raw);
    case 3:
      return random.pick([null, true, false, 0, '', [], {}, [[]], [null], { '': null }]);
    case 4: {
      const levels = random.chance(0.9) ? random.pick([3, 20, 30]) : random.pick([600, 5_000]);
      const [open, close] = random.pick<[string, string]>([
        ['[', ']'],
        ['{"a":', '}'],
        ['[{"a":', '}]'],
      ]);
      return literally(`${open.repeat(levels)}1${close.repeat(levels)}`, raw);
    }
    case 5:
      return random
        .pick(['x', 'é', '\\', '"', '{"a', '\u0000', '[', '\n'])
        .repeat(random.chance(0.9) ? random.int(1, 300) : random.chance(0.97) ? 20_000 : 400_000);
    case 6:
      return Array.from({ length: random.chance(0.9) ? random.int(2, 20) : 2_000 }, () => value).slice(
        0,
        500_000 / size(value),
      );
    case 7:
      return JSON.stringify(value);
    case 8:
      return typeof value === 'string' ? escaped(value, random, raw) : [value];
    case 9:
      return { items: [value], kind: 'Event' };
    default:
      return typeof value === 'string' ? changedText(value, random) : `${JSON.stringify(value)}`;
  }
}

function size(value: unknown): number {
  return 1 + (JSON.stringify(value)?.length ?? 0);
}

/** The same string with characters escaped that need not be. */
function escaped(text: string, random: Random, raw: string[]): string {
  const share = random.pick([0.05, 1]);
  const characters = [...text].map((character) =>
    random.chance(share) && character.length === 1
      ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
      : JSON.stringify(character).slice(1, -1),
  );
  return literally(`"${characters.join('')}"`, raw);
}

function changedText(text: string, random: Random): string {
  const at = random.int(0, text.length);
  return random.pick([
    text.slice(0, at),
    text.slice(at),
    text.slice(0, at) + random.pick(['', ...texts]) + text.slice(at),
    text.toUpperCase(),
    `${text}${text}`,
  ]);
}

/** With another certificate request, changed or not, where the event holds one, or where it could. */
function withRequest(value: unknown, random: Random, requests: readonly [string, ...string[]]): unknown {
  if (!isObject(value)) return value;
  const request = random.chance(0.8) ? mutatedRequest(random.pick(requests), random) : random.pick(requests);
  const field = random.pick(['requestObject', 'responseObject']);
  const body = value[field];
  const spec = isObject(body) && isObject(body['spec']) ? body['spec'] : {};
  const status = random.chance(0.2) ? { certificate: request } : undefined;
  return {
    ...value,
    [field]: { ...(isObject(body) ? body : {}), spec: { ...spec, request }, ...(status && { status }) },
  };
}
