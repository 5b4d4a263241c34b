import type { Random } from '../chaos/random.ts';

/** Where a producer splits an event: behind what identifies it. A short log event that ends with a brace is taken to be whole. */
export function cutsOf(json: string, random: Random, isLogEvents: boolean): number[] {
  const from = json.indexOf('"responseStatus"');
  if (from < 0) return [];
  const cuts = Array.from({ length: random.int(1, 3) }, () => random.int(from, json.length - 1));
  return [...new Set(cuts)]
    .sort((a, b) => a - b)
    .filter((at) => isInside(json, at) && !(isLogEvents && json[at - 1] === '}'));
}

/** The first part of an event. By the brackets alone, a record behind it could be a value in it. */
export function unfinished(json: string, random: Random): string {
  const at = random.int(Math.floor(json.length / 4), json.length - 2);
  const near = json.slice(at).search(/[^\\]":/);
  return json.slice(0, near < 0 ? at : at + near + 3) + random.pick(['', '', '[', '[1,']);
}

/** A text that begins with a bracket begins a record; others that are no ASCII may be half a character. */
const isInside = (json: string, at: number) => /[!-Z\]-z|}~]/.test(json.charAt(at));

/** The text before the first object shows that the beginning is missing: docs/inputs.md, Framing. */
const showsRest = /^[^{[]*(?:"\s*:|[}\]],)[{[]/;

/** An event without its beginning, and perhaps without its end; what was planted is in it. */
export function restOf(json: string, token: string, random: Random): string | undefined {
  const start = json.lastIndexOf('{', json.indexOf(`"auditID":"${token}`));
  const from = random.int(Math.max(0, start - 300), Math.max(0, start - 1));
  const rest = json.slice(
    from,
    random.chance(0.5) ? objectEnd(json, start) : random.int(start + 300, json.length),
  );
  return json.includes(`"auditID":"${token}`) && isInside(json, from) && showsRest.test(rest)
    ? rest
    : undefined;
}

/** Behind the object that begins there. */
function objectEnd(json: string, start: number): number {
  for (let at = json.indexOf('}', start); at >= 0; at = json.indexOf('}', at + 1)) {
    try {
      JSON.parse(json.slice(start, at + 1));
      return at + 1;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
  }
  return json.length;
}
