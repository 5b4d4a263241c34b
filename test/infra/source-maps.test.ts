import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeBundle } from '../../infra/bundle.ts';
import { deployedRules } from '../../infra/rules.ts';
import { packageFile } from '../../lambda/rules/package-file.ts';

const directory = mkdtempSync(join(tmpdir(), 'csrwatch-bundle-'));
const environment = {
  AWS_REGION: 'eu-central-1',
  CSRWATCH_CHANNELS: JSON.stringify([
    { rendering: 'json', topicArn: 'arn:aws:sns:eu-central-1:000000000000:t', minSeverity: 'low' },
  ]),
};

beforeAll(() => writeBundle(directory, deployedRules()));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** The stack of the error that an expression throws; `bundle` is the entry's module, `imported` loads another file. */
function stackOf(expression: string, { folder = directory, env = {}, entry = 'index.mjs' } = {}): string {
  const script = `
    const imported = (name) => import(${JSON.stringify(pathToFileURL(`${folder}/`).href)} + name);
    imported('${entry}').then(async (bundle) => ${expression}).catch((error) => console.log(error.stack));`;
  const { stdout } = spawnSync(process.execPath, ['-e', script], { env, encoding: 'utf8' });
  return stdout;
}

/** The place of a text in the source, as a stack trace names its line. */
function lineOf(file: string, text: string): string {
  const before = readFileSync(packageFile(file), 'utf8').split(text);
  expect(before).toHaveLength(2);
  return `${file}:${before[0]?.split('\n').length}:`;
}

describe('a stack trace of the bundle', () => {
  test('names the line of TypeScript that threw', () => {
    const stack = stackOf('bundle.handler({})', { env: environment });
    expect(stack).toMatch(/^Error: a trigger of an unknown kind/);
    expect(stack).toContain(lineOf('lambda/handler.ts', 'throw new Error(trigger.reason)'));
  });

  test.each(['index.mjs', 'canary.mjs'])('names it before %s is loaded completely', (entry) => {
    const stack = stackOf('0', { entry });
    expect(stack).toMatch(/^EnvironmentError: .* is not set/);
    expect(stack).toMatch(/^ {4}at .*\(lambda\/environment\.ts:\d+:\d+\)$/m);
    expect(stack).not.toContain('.mjs:');
  });

  test('names files of the bundle if their map is missing', () => {
    const copy = mkdtempSync(join(tmpdir(), 'csrwatch-bundle-'));
    cpSync(directory, copy, { recursive: true });
    rmSync(join(copy, 'index.mjs.map'));
    const stack = stackOf('bundle.handler({})', { env: environment, folder: copy });
    rmSync(copy, { recursive: true });
    expect(stack).toMatch(/^Error: a trigger of an unknown kind/);
    expect(stack).toContain('/index.mjs:');
  });

  test('leaves other errors as they are', () => {
    expect(stackOf('Promise.reject(new TypeError("other"))', { env: environment })).toMatch(
      /^TypeError: other\n {4}at \[eval\]/,
    );
    const unshowable = 'Promise.reject(Object.assign(new Error(), { toString() { throw 1; } }))';
    expect(stackOf(unshowable, { env: environment })).toMatch(/^<error>\n {4}at \[eval\]/);
  });
});

test('source maps name the lines of csrwatch, by paths in the repository', () => {
  const maps = readdirSync(directory).filter((name) => name.endsWith('.map'));
  const sources = maps.flatMap((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')).sources);
  expect(sources).toContain('lambda/handler.ts');
  expect(sources.filter((source) => !/^(lambda|infra)\/[\w/-]+\.ts$/.test(source))).toEqual([]);
});

test('a place in the AWS SDK is not taken for a line of csrwatch', () => {
  const places = readdirSync(directory).flatMap((name) => {
    const text = name.endsWith('.mjs') ? readFileSync(join(directory, name), 'utf8').split('\n') : [];
    return text.flatMap((line, index) => {
      const column = line.search(/[\w$.]+\.middlewareStack\b/);
      return column < 0 ? [] : [{ name, index, column }];
    });
  });
  expect(places.length).toBeGreaterThan(0);
  for (const { name, index, column } of places) {
    const map = new SourceMap(JSON.parse(readFileSync(join(directory, `${name}.map`), 'utf8')));
    expect({ name, ...map.findEntry(index, column) }).not.toHaveProperty(
      'originalSource',
      expect.any(String),
    );
  }
});
