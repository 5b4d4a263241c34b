import { existsSync } from 'node:fs';
import { packageFile } from '../lambda/rules/package-file.ts';

/** Whether csrwatch runs from a checkout, and not from the installed package. */
export function isCheckout(): boolean {
  return existsSync(packageFile('cli/csrwatch-command.ts'));
}
