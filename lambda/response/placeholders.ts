import { subjectOf, suspectOf } from '../findings/certificate-use.ts';
import { isCsr } from '../findings/csr-resource.ts';
import type { Finding } from '../findings/finding.ts';
import { stringAt } from '../json/read-json.ts';

/**
 * The words that stand in a command, of a page or of a rule's runbook, for what a finding says. Where the finding
 * says it, and says it in letters that a shell and KQL read as one word, it takes the place of the word.
 */
const readers: Readonly<Record<string, (finding: Finding) => string | undefined>> = {
  'CSR-NAME': (finding) => (isCsr(finding) ? safeName(finding.request.name) : undefined),
  'OBJECT-NAME': ({ request }) => safeName(request.name),
  'OBJECT-NAMESPACE': ({ event }) => safeName(stringAt(event, 'objectRef', 'namespace')),
  'USER-NAME': (finding) => safeUser(suspectOf(finding)),
  'REQUESTER-NAME': ({ request }) => safeUser(request.requester),
  'ACCOUNT-NAMESPACE': (finding) => serviceAccount(suspectOf(finding))?.namespace,
  'ACCOUNT-NAME': (finding) => serviceAccount(suspectOf(finding))?.name,
  'NODE-NAME': (finding) => safeName(/^system:node:(.+)$/s.exec(suspectOf(finding) ?? '')?.[1]),
  'SUBJECT-CN': (finding) => safeUser(subjectOf(finding)?.commonName),
  FINGERPRINT: ({ certificate }) => fingerprint(certificate?.sha256),
  'CLUSTER-NAME': ({ cluster }) => safeName(cluster ?? undefined),
};

export const placeholders: readonly string[] = Object.keys(readers);

const placeholder = new RegExp(`(?<![A-Z-])(?:${placeholders.join('|')})(?![A-Z-])`, 'g');

/** The command with what the finding says; a placeholder stays where it says nothing, or nothing that is safe to paste. */
export function filled(command: string, finding: Finding): string {
  return command.replace(placeholder, (word) => readers[word]?.(finding) ?? word);
}

/** The placeholders of some commands that stay. */
export function unfilled(commands: readonly string[], finding: Finding): string[] {
  const used = new Set(commands.flatMap((command) => command.match(placeholder) ?? []));
  return [...used].filter((word) => readers[word]?.(finding) === undefined);
}

/**
 * As it may stand in a shell and be an object's name at the API server: that takes nearly any text for a CSR's name,
 * `$(reboot)` too.
 */
export function isSafeName(name: string | undefined): name is string {
  return name !== undefined && name.length <= 253 && /^[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?$/.test(name);
}

function safeName(name: string | undefined): string | undefined {
  return isSafeName(name) ? name : undefined;
}

/** The same for the name of a user or group, which holds no quote, blank or backslash of the shell or of KQL. */
export function isSafeUser(name: string | null | undefined): name is string {
  return typeof name === 'string' && name.length <= 256 && /^[A-Za-z0-9][A-Za-z0-9:._/@+=,#-]*$/.test(name);
}

function safeUser(name: string | null | undefined): string | undefined {
  return isSafeUser(name) ? name : undefined;
}

function fingerprint(sha256: string | undefined): string | undefined {
  return sha256 !== undefined && /^[0-9a-f]{64}$/.test(sha256) ? sha256 : undefined;
}

/** `system:serviceaccount:NAMESPACE:NAME`, both as Kubernetes takes them. */
export function serviceAccount(
  name: string | null,
): { readonly namespace: string; readonly name: string } | undefined {
  const label = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
  const found = new RegExp(`^system:serviceaccount:(${label}):(${label}(?:\\.${label})*)$`).exec(name ?? '');
  const [, namespace, account] = found ?? [];
  return namespace && account ? { namespace, name: account } : undefined;
}
