import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigError } from './config-error.ts';

const defaultName = 'csrwatch.config.ts';

/**
 * The configuration file of a folder, if it has one.
 * @param described - flags that describe a deployment: with a file beside them, one of the two would be ignored
 * @throws {ConfigError} if both are there
 */
export function findConfigFile(folder: string, described: readonly string[]): string | undefined {
  if (!existsSync(join(folder, defaultName))) return undefined;
  const [flag] = described;
  if (flag === undefined) return defaultName;
  throw new ConfigError(
    `-c ${flag}: this folder has a ${defaultName}, which describes the deployment; write it there, or rename that file`,
  );
}
