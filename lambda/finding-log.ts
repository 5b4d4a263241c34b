import type { ChannelResult } from './alerts/publishing/publish-findings.ts';
import type { Finding } from './findings/finding.ts';
import { stringAt } from './json/read-json.ts';
import type { Log } from './log.ts';
import { placeText } from './text/place-text.ts';

/** Both may be as long as an attacker likes. */
const maxAuditIdCharacters = 128;
const maxPlaceCharacters = 2_000;

/** One line for each finding: it answers why an alert came, or why none did. */
export function logFinding(
  log: Log,
  finding: Finding,
  channels: readonly ChannelResult[] | 'not published',
): void {
  log('info', 'finding', {
    finding: finding.id,
    rule: finding.rule.id,
    severity: finding.severity,
    phase: finding.phase,
    outcome: finding.outcome,
    auditID: stringAt(finding.event, 'auditID')?.slice(0, maxAuditIdCharacters),
    place: placeText(finding.place).slice(0, maxPlaceCharacters),
    channels,
  });
}
