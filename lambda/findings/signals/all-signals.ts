import { isCsr } from '../csr-resource.ts';
import type { EventFacts, Signal } from '../finding.ts';
import type { Reading } from '../read-request.ts';
import { impersonation, publicSourceAddress, scriptedServiceAccount, selfApproval } from './actor-signals.ts';
import {
  apiServerClientSigner,
  appServingSigner,
  certificateNotForRequest,
  clientAuthUsage,
  issuedToNonSystem,
} from './certificate-signals.ts';
import type { ReadSignal } from './circumstances.ts';
import { longExpiration, noExpiration } from './expiration.ts';
import {
  bodyMissing,
  bodyTruncated,
  dryRun,
  refusedAttempt,
  unparseableCertificate,
  unparseableRequest,
} from './record-signals.ts';
import {
  apiServerNames,
  nodeJoin,
  privilegedSubject,
  reservedSubject,
  severalCommonNames,
  weakKey,
} from './subject-signals.ts';

/** Of a CertificateSigningRequest. In the order of the alert: the most serious and most certain come first. */
const ofRequests: readonly ReadSignal[] = [
  privilegedSubject,
  issuedToNonSystem,
  certificateNotForRequest,
  selfApproval,
  severalCommonNames,
  apiServerNames,
  appServingSigner,
  apiServerClientSigner,
  nodeJoin,
  reservedSubject,
];

/** Of any event. */
const ofAnyEvent: readonly ReadSignal[] = [
  impersonation,
  scriptedServiceAccount,
  publicSourceAddress,
  refusedAttempt,
  dryRun,
];

const ofRequestsToo: readonly ReadSignal[] = [
  clientAuthUsage,
  longExpiration,
  noExpiration,
  weakKey,
  unparseableRequest,
  unparseableCertificate,
  bodyTruncated,
  bodyMissing,
];

/** The named reasons that make a finding more serious. */
export function signalsOf(facts: EventFacts, reading: Reading): Signal[] {
  const readers = isCsr(facts) ? [...ofRequests, ...ofAnyEvent, ...ofRequestsToo] : ofAnyEvent;
  const about = { ...facts, reading };
  return readers.flatMap((read) => read(about) ?? []);
}
