import type { AuditRecord } from '../../lambda/audit/audit-record.ts';
import type { Finding } from '../../lambda/findings/finding.ts';
import { mayHaveSubject, withSubject } from '../../lambda/findings/subject-fields.ts';
import type { FollowedCertificate } from '../../lambda/follow/followed-certificate.ts';
import type { RuleSet } from '../../lambda/rules/rule.ts';
import type { ReportItem } from '../report/report-item.ts';
import { requestLine } from '../report/request-line.ts';
import type { Markers } from './compile-scan-rules.ts';
import { type Filters, isInWindow, isWanted } from './filters.ts';

/** What a scan finds in one event: a report item, but with the findings of the event together. */
export type ScanItem =
  | Exclude<ReportItem, { kind: 'finding' | 'uses' }>
  /** A certificate was issued whose uses are looked for later. */
  | { readonly kind: 'issued'; readonly followed: FollowedCertificate }
  | { readonly kind: 'findings'; readonly record: AuditRecord; readonly findings: readonly Finding[] };

export interface ItemOptions {
  readonly filters: Filters;
  /** Every event with a finding is a line of the timeline: the rule is a `--query`. */
  readonly timelineOfFindings: boolean;
}

/** Evaluates one event; `undefined`, without a promise, if there is nothing to report. */
export type Evaluate = (record: AuditRecord) => Promise<ScanItem[]> | undefined;

export function evaluator(
  ruleSet: RuleSet,
  { csrs, actor, certificate }: Markers,
  { filters, timelineOfFindings }: ItemOptions,
): Evaluate {
  const markers = [csrs, actor, certificate].flatMap((marker) => (marker ? [marker.info] : []));
  const hasTimeline = actor !== undefined || certificate !== undefined;
  const evaluate = (record: AuditRecord): Promise<ScanItem[]> | undefined => {
    const matched = ruleSet.match(record).map(({ info }) => info);
    if (matched.length === 0) return undefined;
    const rules = matched.filter((info) => !markers.includes(info));
    const mentions = {
      actor: actor !== undefined && matched.includes(actor.info),
      certificate: certificate !== undefined && matched.includes(certificate.info),
    };
    const isOfSubject =
      (actor === undefined || mentions.actor) && (certificate === undefined || mentions.certificate);
    const ruleIds = rules.map(({ id }) => id);
    const rest = (hasFinding: boolean): ScanItem[] => {
      const isInTimeline = hasTimeline ? isOfSubject : timelineOfFindings && hasFinding;
      const line = isInTimeline ? requestLine(record, ruleIds) : undefined;
      const isContext = matched.includes(csrs.info) && !hasFinding;
      return [
        ...(line && isInWindow(line.time, filters) ? [{ kind: 'request', line } as const] : []),
        ...(isContext ? [{ kind: 'csr-event', record, ruleIds } as const] : []),
      ];
    };
    if (rules.length === 0) return Promise.resolve(rest(false));
    return findingsOf(record, rules).then((all) => {
      const findings = all.filter((finding) => isWanted(finding, filters, mentions));
      if (findings.length === 0) return rest(false);
      return [{ kind: 'findings', record, findings }, ...rest(true)];
    });
  };
  return (record) =>
    ruleSet.readsSubject && mayHaveSubject(record)
      ? withSubject(record).then((read) => evaluate(read) ?? [])
      : evaluate(record);
}

/** Reads the event once for all rules. Loaded lazily: most scans start without a finding. */
async function findingsOf(record: AuditRecord, rules: readonly Finding['rule'][]): Promise<Finding[]> {
  const { factsOf, findingOf } = await import('../../lambda/findings/build-finding.ts');
  const facts = await factsOf(record);
  return rules.map((info) => findingOf(facts, info));
}
