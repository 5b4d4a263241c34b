import { packageVersion } from '../lambda/rules/package-file.ts';

/** csrwatch's own, from package.json. */
export const version: string = packageVersion();
