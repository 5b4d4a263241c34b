import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const pages = ['README.md', ...readdirSync(new URL('docs/', root)).map((name) => `docs/${name}`)]
  .filter((name) => name.endsWith('.md'))
  .map((name): [string, string] => [name, readFileSync(new URL(name, root), 'utf8')]);

/** Commands that run the CDK app, in indented blocks; a backslash goes on. */
function commandsOf(text: string): string[] {
  return [...text.matchAll(/^ {4}(npx cdk (?:synth|diff|deploy|destroy|bootstrap|rollback)\b.*)$/gm)].map(
    ([, command = '']) => command,
  );
}

test.each(pages)('%s repeats the configuration in each command of the CDK', (_, text) => {
  expect(commandsOf(text).filter((command) => !/ -c (config|cluster|destination)=\S/.test(command))).toEqual(
    [],
  );
});

test('the pages have such commands', () => {
  expect(pages.flatMap(([, text]) => commandsOf(text)).length).toBeGreaterThan(10);
});
