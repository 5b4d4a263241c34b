import { subjectOf, suspectOf } from '../findings/certificate-use.ts';
import { isCsr } from '../findings/csr-resource.ts';
import type { EventFacts } from '../findings/finding.ts';
import { stringAt } from '../json/read-json.ts';

/**
 * Words in the commands of alerts and runbooks that are replaced with values of a finding. A value is used only if a
 * shell and KQL read it as one word.
 */
const readers: Readonly<Record<string, (finding: EventFacts) => string | undefined>> = {
  'CSR-NAME': (finding) => (isCsr(finding) ? safeName(finding.request.name) : undefined),
  'OBJECT-NAME': ({ request }) => safeName(request.name),
  'OBJECT-NAMESPACE': ({ event }) => safeName(stringAt(event, 'objectRef', 'namespace')),
  'USER-NAME': (finding) => safeUser(suspectOf(finding)),
  'REQUESTER-NAME': ({ request, issuance }) => safeUser(issuance ? issuance.requester : request.requester),
  'ACCOUNT-NAMESPACE': (finding) => serviceAccount(suspectOf(finding))?.namespace,
  'ACCOUNT-NAME': (finding) => serviceAccount(suspectOf(finding))?.name,
  'NODE-NAME': (finding) => safeName(/^system:node:(.+)$/s.exec(suspectOf(finding) ?? '')?.[1]),
  'SUBJECT-CN': (finding) =>
    safeUser((finding.issuance ? finding.certificate?.subject : subjectOf(finding))?.commonName),
  FINGERPRINT: ({ certificate }) => fingerprint(certificate?.sha256),
  'CLUSTER-NAME': ({ cluster }) => safeName(cluster ?? undefined),
};

export const placeholders: readonly string[] = Object.keys(readers);

const placeholder = new RegExp(`(?<![A-Z-])(?:${placeholders.join('|')})(?![A-Z-])`, 'g');

/** The command with the values of the finding. A placeholder stays if its value is missing or unsafe to paste. */
export function filled(command: string, finding: EventFacts): string {
  return command.replace(placeholder, (word) => readers[word]?.(finding) ?? word);
}

/** The placeholders that remain in the commands. */
export function unfilled(commands: readonly string[], finding: EventFacts): string[] {
  const used = new Set(commands.flatMap((command) => command.match(placeholder) ?? []));
  return [...used].filter((word) => readers[word]?.(finding) === undefined);
}

/**
 * Whether a name is safe in a shell command. The API server accepts almost any text as the name of a CSR, including
 * `$(reboot)`.
 */
export function isSafeName(name: string | undefined): name is string {
  return name !== undefined && name.length <= 253 && /^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/.test(name);
}

function safeName(name: string | undefined): string | undefined {
  return isSafeName(name) ? name : undefined;
}

/** The same for the name of a user or group: without quotes, spaces and backslashes of the shell or of KQL. */
export function isSafeUser(name: string | null | undefined): name is string {
  return typeof name === 'string' && name.length <= 256 && /^[A-Za-z0-9][A-Za-z0-9:._/@+=,#-]*$/.test(name);
}

function safeUser(name: string | null | undefined): string | undefined {
  return isSafeUser(name) ? name : undefined;
}

function fingerprint(sha256: string | undefined): string | undefined {
  return sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined;
}

/** The parts of `system:serviceaccount:NAMESPACE:NAME`, if both are valid in Kubernetes. */
export function serviceAccount(
  name: string | null,
): { readonly namespace: string; readonly name: string } | undefined {
  const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
  const found = new RegExp(`^system:serviceaccount:(${label}):(${label}(?:\\.${label})*)$`).exec(name ?? '');
  const [, namespace, account] = found ?? [];
  return namespace && account ? { namespace, name: account } : undefined;
}
