import { auditSchema } from '../../lambda/audit/fields.ts';
import { csrwatchFields } from '../../lambda/findings/own-fields.ts';
import { compileRules, printProblem } from '../../lambda/rules/compile.ts';
import { readRules } from '../../lambda/rules/load.ts';
import { pathsOrBuiltIn } from '../built-in-rules.ts';

const place = { origin: { kind: 'file', path: 'example' } } as const;

/** Runs the examples inside rule files. @returns the exit status: 1 where an example fails */
export function testRules(paths: readonly string[], say: (text: string) => void): number {
  let status = 0;
  let passed = 0;
  for (const read of readRules(pathsOrBuiltIn(paths))) {
    if (!read.ok) {
      say(`${read.errors.join('\n')}\n`);
      status = 2;
      continue;
    }
    const compiled = compileRules([read.definition], auditSchema(csrwatchFields));
    if (!compiled.ok) {
      say(`${compiled.errors.map(printProblem).join('\n')}\n`);
      status = 2;
      continue;
    }
    if (read.examples.length === 0) say(`${read.file}: it has no examples\n`);
    for (const { name, matches, event, format } of read.examples) {
      const found = compiled.ruleSet.match({ event, format, cluster: null, place }).length > 0;
      if (found === matches) passed += 1;
      else {
        say(`${read.file}: "${name}" ${matches ? 'is not matched' : 'is matched'}\n`);
        if (status === 0) status = 1;
      }
    }
  }
  say(`${passed} examples hold\n`);
  return status;
}
