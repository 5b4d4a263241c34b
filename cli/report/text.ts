import { styleText } from 'node:util';
import { placeText } from '../../lambda/channels/place-text.ts';
import { visible } from '../../lambda/channels/visible.ts';
import type { Finding, Severity } from '../../lambda/findings/finding.ts';

export interface Paper {
  readonly colour: boolean;
  /** Columns of the terminal. */
  readonly width: number;
}

const colours: Readonly<Record<Severity, Parameters<typeof styleText>[0]>> = {
  low: 'cyan',
  medium: 'yellow',
  high: 'red',
  critical: ['bold', 'red'],
};

/** Findings for a terminal, in the order of the log. */
export function renderFindings(findings: readonly Finding[], paper: Paper): string {
  return findings.map((finding) => `${renderFinding(finding, paper)}\n`).join('\n');
}

function renderFinding(finding: Finding, { colour, width }: Paper): string {
  const { actor, request } = finding;
  const badge = finding.severity.toUpperCase().padEnd(8);
  const painted = colour ? styleText(colours[finding.severity], badge, { validateStream: false }) : badge;
  const name = request.name === undefined ? '' : ` ${visible(request.name, 60)}`;
  const head = `${painted}  ${finding.phase}${name} (${finding.outcome}) by ${visible(actor.name ?? 'an unnamed user', 100)}`;
  const facts: [string, string | undefined][] = [
    ['when', finding.time],
    ['cluster', finding.cluster ?? undefined],
    ['as', actor.impersonated?.name ?? undefined],
    ['from', actor.sourceIPs.join(', ')],
    ['with', actor.userAgent],
    ['signer', request.signerName],
    ['requester', request.requester === actor.name ? undefined : request.requester],
    ['rule', finding.rule.id],
    ['where', placeText(finding.place)],
  ];
  const lines = facts.flatMap(([label, value]) =>
    value === undefined || value === ''
      ? []
      : [`          ${label.padEnd(10)}${visible(value, Math.max(20, width - 20))}`],
  );
  return [head, ...lines].join('\n');
}
