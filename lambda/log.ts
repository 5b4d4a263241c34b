/** Writes one line of JSON: whatever an attacker wrote into a name, it can't begin a line of its own. */
export type Log = (level: 'info' | 'warn' | 'error', message: string, details?: object) => void;

export const consoleLog: Log = (level, message, details) => {
  process.stdout.write(`${JSON.stringify({ level, message, ...details })}\n`);
};
