import type { RuleInfo } from '../findings/finding.ts';
import { visible } from '../text/visible-text.ts';
import type { Step } from './step.ts';

/** Whoever writes a rule is no attacker, but a file may hold anything. */
const maxSteps = 20;

/** A numbered step begins so, a line of commands so. */
const begins = /^\d+\. +/;
const isCommand = /^(\t| {4,})/;

/**
 * The steps of a rule's runbook: a list numbered from 1, each with its words and then its commands on lines indented by
 * four or more. Other Markdown, as the `note` of many a rule of Elastic, has no steps.
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

/** The runbook of a rule that has no steps. */
export function noteOf(rule: RuleInfo): string {
  return runbookSteps(rule).length === 0 ? (rule.runbook?.trim() ?? '') : '';
}
