import type { TextStyle } from './quoted-text.ts';

/** Such as `2026-11-23 21:55:48 UTC`; a text that is not such a time is shown as the log has it. */
export function timeText(time: string, { quote }: TextStyle): string {
  const [, day, clock] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d{1,9})?Z$/.exec(time) ?? [];
  return day && clock ? `${day} ${clock} UTC` : quote(time, 60);
}

/** A time of ours, in milliseconds since the epoch. */
export function utcText(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
