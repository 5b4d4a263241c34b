/** A flag, a field of the file or a prop is wrong; the message names it, what it got, and what it takes. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
