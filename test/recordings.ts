import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import type { AuditEvent } from '../lambda/audit/audit-record.ts';

/** One row of a manifest: an action, and what is true of its event. */
export interface ManifestRow {
  readonly step: string;
  readonly auditID: string;
  readonly user: string;
  readonly verb: string;
  readonly name: string | null;
  readonly subresource?: string;
  readonly base: boolean;
  /** The kind of the companion rule that matches it. */
  readonly companion?: string;
  readonly phase?: string;
  readonly outcome?: string;
  readonly note?: string;
  readonly requester?: string;
  /** As the API server reads it; an absent list is empty. */
  readonly subject?: {
    readonly commonName: string;
    readonly organizations: readonly string[];
    readonly dnsNames?: readonly string[];
    readonly ipAddresses?: readonly string[];
  };
}

export const recordings = ['eks-normal', 'eks-attacks', 'selfmanaged', 'metadata-only'] as const;
export type Recording = (typeof recordings)[number];

const folder = new URL('./fixtures/recordings/', import.meta.url);

export function recordingPath(name: string): string {
  return fileURLToPath(new URL(name, folder));
}

export function recordingText(name: Recording): string {
  return gunzipSync(readFileSync(recordingPath(`${name}.ndjson.gz`))).toString('utf8');
}

/** `eks-normal` has no manifest: nothing in it is an attack. */
export function manifestOf(name: Recording): ManifestRow[] {
  if (name === 'eks-normal') return [];
  return JSON.parse(readFileSync(recordingPath(`${name}.manifest.json`), 'utf8'));
}

/** The audit events of a recording, each at the last of its stages. */
export function eventsOf(name: Recording): Map<string, AuditEvent> {
  const lines = recordingText(name).trimEnd().split('\n');
  const events: AuditEvent[] = lines.map((line) => JSON.parse(line));
  return new Map(events.map((event) => [String(event['auditID']), event]));
}

/** What the manifest states about the rows that the base rule matches. */
export function expectedFindings(name: Recording) {
  return manifestOf(name)
    .filter(({ base }) => base)
    .map(({ auditID, phase, outcome }) => ({ auditID, phase, outcome }));
}

/** Findings in the shape of `expectedFindings`; without the phase if the manifest does not state it. */
export function foundOf(findings: readonly FoundJson[], name: Recording) {
  const rows = new Map(manifestOf(name).map((row) => [row.auditID, row]));
  return findings.map(({ event, phase, outcome }) => ({
    auditID: event.auditID,
    phase: rows.get(event.auditID)?.phase === undefined ? undefined : phase,
    outcome,
  }));
}

export interface FoundJson {
  readonly phase: string;
  readonly outcome: string;
  readonly event: { readonly auditID: string };
  readonly request: { readonly requester?: string };
}
