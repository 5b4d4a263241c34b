import { jsonText } from './json/json-text.ts';

/** Writes one line of JSON: a name that an attacker chose cannot begin another line. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, details?: object) => void;

export const consoleLog: Log = (level, message, details) => {
  process.stdout.write(`${jsonText({ level, message, ...details })}\n`);
};
