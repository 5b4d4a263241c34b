import type { AuditEvent, AuditFormat, Place, PodSource } from '../audit/audit-record.ts';

export const severities = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof severities)[number];

export const phases = [
  'requested',
  'approved',
  'denied',
  'decided',
  'issued',
  'modified',
  'deleted',
] as const;
export type Phase = (typeof phases)[number];
export const outcomes = ['unknown', 'refused', 'dry-run', 'succeeded'] as const;
export type Outcome = (typeof outcomes)[number];

/** The metadata of a rule file that an alert needs. */
export interface RuleInfo {
  /** `[csrwatch] id` of the rule file, else `rule_id`. */
  readonly id: string;
  readonly name: string;
  readonly severity: Severity;
  /** 0 to 100. */
  readonly riskScore: number;
  readonly description?: string;
  /** Markdown: what to do about a finding. */
  readonly runbook?: string;
  readonly references?: readonly string[];
  readonly threat?: readonly unknown[];
  readonly falsePositives?: readonly string[];
  readonly tags?: readonly string[];
}

export interface Actor {
  readonly name: string | null;
  readonly uid?: string;
  readonly groups: readonly string[];
  /** `user.extra`: on EKS arn, principalId, sessionName, accessKeyId. */
  readonly extra: Readonly<Record<string, readonly string[]>>;
  readonly impersonated?: { readonly name: string | null; readonly groups: readonly string[] };
  /** All but the last can be set by the client. */
  readonly sourceIPs: readonly string[];
  readonly userAgent?: string;
}

export interface Subject {
  /** The last CN, as the API server reads it; `null` if there is none. */
  readonly commonName: string | null;
  readonly organizations: readonly string[];
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
}

export interface CsrRequest {
  readonly name?: string;
  readonly uid?: string;
  readonly signerName?: string;
  readonly usages?: readonly string[];
  readonly expirationSeconds?: number;
  /** `spec.username`, else the acting user of a creation. */
  readonly requester?: string;
  readonly requesterGroups?: readonly string[];
  /** The requester is what the client of an update wrote; the log does not show what the API server stored. */
  readonly requesterClaimed?: true;
  readonly subject?: Subject;
  readonly key?: { readonly algorithm: string; readonly bits?: number };
  /** Why `spec.request` could not be read, or why the API server would refuse it. */
  readonly parseError?: string;
}

export interface Certificate {
  /** Hexadecimal, lower case. Absent if the certificate was added to the watch list by hand. */
  readonly serialNumber?: string;
  /** RFC 3339, UTC. Absent if it was added by hand. */
  readonly notBefore?: string;
  /** RFC 3339, UTC. Absent if it was added by hand without a time. */
  readonly notAfter?: string;
  /** Hexadecimal, lower case, of the DER: what `credential-id` shows after `X509SHA256=`. */
  readonly sha256: string;
  /** As it was signed, which may differ from the subject of the request. */
  readonly subject?: Subject;
}

/** A certificate that was read from an event. */
export interface IssuedCertificate extends Certificate {
  readonly serialNumber: string;
  readonly notBefore: string;
  readonly notAfter: string;
}

/** How the certificate that a request was authenticated with was issued, if csrwatch follows it. */
export interface Issuance {
  /** RFC 3339. */
  readonly time?: string;
  readonly csrName?: string;
  readonly csrUid?: string;
  readonly signerName?: string;
  readonly requester?: string;
  /** The log does not contain the request, so nothing shows that the certificate was made for it. */
  readonly requestMissing?: true;
  /** Of the event of the issuance. Absent if the certificate was added to the watch list by hand. */
  readonly eventDigest?: string;
  /** The id of the finding that added the certificate to the watch list. */
  readonly findingId?: string;
  /** Why the certificate was added to the watch list by hand. */
  readonly reason?: string;
}

/** The requests that were authenticated with a certificate. */
export interface Uses {
  /** Of requests: the stages of one request are one. */
  readonly count: number;
  /** RFC 3339; absent if the events have no time. */
  readonly first?: string;
  readonly last?: string;
  /** The kinds of requests, the first ones of many. */
  readonly actions?: readonly UsedAction[];
  /** The first use of the certificate that csrwatch saw, from whatever address. */
  readonly firstOfAll?: FirstUse;
}

/** Requests of one kind. */
export interface UsedAction {
  readonly verb: string;
  /** Such as `secrets` or `pods/exec`; the path of a request for no resource. */
  readonly resource: string;
  readonly namespace?: string;
  readonly count: number;
  /** Of these, requests that the API server refused. */
  readonly refused: number;
}

export interface FirstUse {
  /** RFC 3339. */
  readonly time?: string;
  readonly sourceIPs: readonly string[];
  readonly userAgent?: string;
}

export interface Signal {
  /** Kebab-case and stable. */
  readonly id: string;
  /** A sentence for the on-call engineer. Text of the log is quoted and made visible in it. */
  readonly sentence: string;
  readonly evidence?: unknown;
  /** Set if the signal raises the finding above its rule's severity. */
  readonly raisesTo?: 'critical';
}

/** One rule matched one event. The JSON of this object is an interface that other programs rely on. */
export interface Finding {
  /** A digest over rule, cluster and the event's own content. */
  readonly id: string;
  /** The same digest without the rule: one event is one alert on the human channels. */
  readonly eventDigest: string;
  readonly rule: RuleInfo;
  readonly severity: Severity;
  readonly riskScore: number;
  readonly phase: Phase;
  readonly outcome: Outcome;
  readonly cluster: string | null;
  /** RFC 3339: stageTimestamp, else requestReceivedTimestamp. */
  readonly time?: string;
  readonly verb?: string;
  readonly resource?: string;
  readonly subresource?: string;
  readonly responseCode?: number;
  readonly actor: Actor;
  readonly request: CsrRequest;
  /** That was issued, or that authenticated the request if `issuance` is present. */
  readonly certificate?: Certificate;
  readonly issuance?: Issuance;
  /** Of the certificate from this source address with this user agent. */
  readonly uses?: Uses;
  readonly signals: readonly Signal[];
  readonly format: AuditFormat;
  readonly place: Place;
  /** The pod whose output the event was read from. Outside kube-system, any program in it could have written the event. */
  readonly pod?: PodSource;
  readonly event: AuditEvent;
  /** In a message that is sent again because the finding is worse: when it was sent, and how it was described. */
  readonly sentBefore?: {
    readonly at: string;
    readonly as: readonly {
      readonly severity: Severity;
      readonly outcome: Outcome;
      readonly phase: Phase;
    }[];
  };
}

/** The part of a finding that depends only on the event, not on the rule. */
export type EventFacts = Omit<Finding, 'id' | 'rule' | 'severity' | 'riskScore'>;
