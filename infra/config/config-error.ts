/** A flag, a field of the file or a prop is wrong. The message names it, the expected value and the actual one. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}
