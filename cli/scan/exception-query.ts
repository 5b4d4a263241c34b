import { clusterSigners } from '../../lambda/findings/actor-and-request.ts';
import { certificateUse, subjectOf } from '../../lambda/findings/certificate-use.ts';
import { isCsr } from '../../lambda/findings/csr-resource.ts';
import type { Finding, Phase } from '../../lambda/findings/finding.ts';
import { isInvisibleOrReordering } from '../../lambda/text/visible-text.ts';

/** A keyword field has no longer value. */
const maxKeywordCharacters = 1_024;

/** What a suggested exception is restricted to, as KQL: actor, resource, verb, signer, and requester of a certificate. */
export function activityOf(finding: Finding): string | undefined {
  const { actor, verb, resource, subresource, request } = finding;
  const as = actor.impersonated?.name;
  const requester = issuedTo(finding);
  const values = [actor.name, verb, resource, subresource, request.signerName, as, requester];
  if (!actor.name || !verb || !resource) return undefined;
  if (values.some((value) => (value?.length ?? 0) > maxKeywordCharacters)) return undefined;
  return [
    `user.name:${quoted(actor.name)}`,
    term('kubernetes.audit.impersonatedUser.username', as ?? undefined),
    `kubernetes.audit.objectRef.resource:${quoted(resource)}`,
    term('csrwatch.subresource', subresource),
    `kubernetes.audit.verb:${quoted(verb)}`,
    ...(isCsr(finding) ? [term('csrwatch.signer', request.signerName)] : []),
    ...(requester === undefined ? [] : [`csrwatch.requester:${quoted(requester)}`]),
  ].join(' and ');
}

/** As `csrwatch.requester` has it. */
function issuedTo({ phase, actor, request }: Finding): string | undefined {
  const isStated = !request.requesterClaimed || clusterSigners.test(actor.name ?? '');
  return phase === 'issued' && isStated ? request.requester : undefined;
}

function term(field: string, value: string | undefined): string {
  return value ? `${field}:${quoted(value)}` : `not ${field}:*`;
}

/** As a quoted literal on one line, with every character visible. */
function quoted(text: string): string {
  const shown = Array.from(text, (character) => {
    if (character === '"' || character === '\\') return `\\${character}`;
    if (!isInvisibleOrReordering(character)) return character;
    const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
    return units.map((unit) => `\\u${unit.toString(16).padStart(4, '0')}`).join('');
  });
  return `"${shown.join('')}"`;
}

const node = [
  'csrwatch.subject.common_name:system\\:node\\:*',
  // the only organization: a term on a list matches if any value does
  'csrwatch.subject.organization:"system:nodes"',
  'not csrwatch.subject.organization < "system:nodes"',
  'not csrwatch.subject.organization > "system:nodes"',
].join(' and ');
const privileged = [
  'not csrwatch.subject.common_name:(system\\:* or eks\\:* or aksService)',
  'not csrwatch.subject.organization:(system\\:* or kubeadm\\:cluster-admins)',
].join(' and ');

/**
 * Restricts an exception for logins, so that it never suppresses a request for a privileged one. `undefined` if the log
 * does not show what the certificate is, so that no exception is safe.
 */
export function subjectRestriction(finding: Finding): string | undefined {
  if (finding.signals.some(({ id }) => id === 'node-join')) return ` and ${node}`;
  const use = certificateUse(finding.request);
  if (!isCsr(finding) || !leadsToCertificate.includes(finding.phase)) return '';
  if (use !== 'login' && use !== 'unknown') return '';
  return subjectOf(finding) === undefined ? undefined : ` and ${privileged}`;
}

const leadsToCertificate: readonly Phase[] = ['requested', 'approved', 'decided', 'issued'];
