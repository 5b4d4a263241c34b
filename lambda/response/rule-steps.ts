import type { RuleInfo } from '../findings/finding.ts';
import { visible } from '../text/visible-text.ts';
import type { Step } from './step.ts';

/** The author of a rule is not an attacker, but a file may contain anything. */
const maxSteps = 20;

/** The start of a numbered step and of a line of commands. */
const begins = /^\d+\. +/;
const isCommand = /^(\t| {4,})/;

/**
 * The steps of a rule's runbook: a list numbered from 1. Each step is a text followed by its commands, on lines that are
 * indented by at least four spaces. Other Markdown, such as the `note` of many Elastic rules, has no steps.
 */
export function runbookSteps({ runbook }: RuleInfo): Step[] {
  const text = runbook?.trim() ?? '';
  return text.startsWith('1. ')
    ? text
        .split(/\n(?=\d+\. )/)
        .slice(0, maxSteps)
        .map(stepOf)
    : [];
}

function stepOf(item: string): Step {
  const lines = item.split('\n').filter((line) => line.trim() !== '');
  const say = lines.filter((line) => !isCommand.test(line)).map((line) => line.replace(begins, '').trim());
  const commands = lines.filter((line) => isCommand.test(line)).map((line) => visible(line.trim(), 2_000));
  return {
    say: visible(say.join(' '), 1_000),
    ...(commands.length === 0 ? {} : { commands }),
  };
}

/** The runbook of a rule without steps. */
export function noteOf(rule: RuleInfo): string {
  return runbookSteps(rule).length === 0 ? (rule.runbook?.trim() ?? '') : '';
}
