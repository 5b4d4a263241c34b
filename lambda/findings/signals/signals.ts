import type { EventFacts, Signal } from '../finding.ts';
import type { Reading } from '../reading.ts';
import { isCsr } from '../resource.ts';
import { impersonation, publicSourceAddress, scriptedServiceAccount, selfApproval } from './actor.ts';
import {
  apiServerClientSigner,
  appServingSigner,
  clientAuthUsage,
  issuedToNonSystem,
} from './certificate.ts';
import type { ReadSignal } from './circumstances.ts';
import { eksEvidence } from './eks.ts';
import { longExpiration, noExpiration } from './expiration.ts';
import {
  bodyMissing,
  bodyTruncated,
  dryRun,
  refusedAttempt,
  unparseableCertificate,
  unparseableRequest,
} from './record.ts';
import { apiServerNames, privilegedSubject, severalCommonNames, weakKey } from './subject.ts';

/** Of a CertificateSigningRequest. The order is the reader's: what is worst and surest comes first. */
const ofRequests: readonly ReadSignal[] = [
  privilegedSubject,
  issuedToNonSystem,
  selfApproval,
  severalCommonNames,
  apiServerNames,
  appServingSigner,
  apiServerClientSigner,
];

/** Of whatever a rule found. */
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

/** The named reasons that make an event worse. */
export function signalsOf(facts: EventFacts, reading: Reading): Signal[] {
  const readers = isCsr(facts) ? [...ofRequests, ...ofAnyEvent, ...ofRequestsToo] : ofAnyEvent;
  const about = { ...facts, reading, eks: eksEvidence(facts) };
  return readers.flatMap((read) => read(about) ?? []);
}
