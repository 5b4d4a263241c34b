import { annotationOf } from '../../audit/field-table.ts';
import { stringAt } from '../../audit/read.ts';
import { bodiesOf } from '../body.ts';
import { type Circumstances, type ReadSignal, short } from './circumstances.ts';

export const refusedAttempt: ReadSignal = ({ outcome, responseCode, event }) => {
  if (outcome !== 'refused') return undefined;
  const decision = annotationOf(event, 'authorization_k8s_io/decision');
  const message = stringAt(event, 'responseStatus', 'message');
  const isAllowed = decision === 'allow' ? ', although the user has the right to it' : '';
  return {
    id: 'refused-attempt',
    sentence: `The API server refused it with ${responseCode}${isAllowed}: an attempt, nothing was stored.`,
    evidence: { code: responseCode, ...(message === undefined ? {} : { message: short(message) }) },
  };
};

export const dryRun: ReadSignal = ({ outcome }) =>
  outcome === 'dry-run'
    ? { id: 'dry-run', sentence: 'A dry run: nothing was stored, but it would have been allowed.' }
    : undefined;

function isTruncated({ event }: Circumstances): boolean {
  return annotationOf(event, 'audit_k8s_io/truncated') !== undefined;
}

export const bodyTruncated: ReadSignal = (about) =>
  isTruncated(about)
    ? {
        id: 'body-truncated',
        sentence:
          'The event was too large for the log and lost its bodies (audit.k8s.io/truncated), as anyone can bring about: look at the request in the cluster.',
      }
    : undefined;

/** Not of a refusal: before the right to it is given the API server reads no body. */
export const bodyMissing: ReadSignal = (about) => {
  if (about.phase === 'deleted' || about.outcome === 'refused' || isTruncated(about)) return undefined;
  if (bodiesOf(about.event).length > 0) return undefined;
  return {
    id: 'body-missing',
    sentence:
      'The log holds no body of it, so what was asked for is not known: look at the request in the cluster.',
  };
};

export const unparseableRequest: ReadSignal = ({ request: { parseError } }) =>
  parseError === undefined
    ? undefined
    : {
        id: 'unparseable-request',
        sentence: `The certificate request is not as the API server takes it: ${short(parseError)}.`,
        evidence: short(parseError),
      };

export const unparseableCertificate: ReadSignal = ({ reading: { certificateError } }) =>
  certificateError === undefined
    ? undefined
    : {
        id: 'unparseable-certificate',
        sentence: `A certificate was written that can't be read: ${short(certificateError)}.`,
        evidence: short(certificateError),
      };
