import { annotationOf } from '../../audit/field-table.ts';
import { stringAt } from '../../json/read-json.ts';
import { visible } from '../../text/visible-text.ts';
import { hasBody } from '../event-body.ts';
import { type Circumstances, type ReadSignal, short } from './circumstances.ts';

export const refusedAttempt: ReadSignal = ({ outcome, responseCode, event }) => {
  if (outcome !== 'refused') return undefined;
  const decision = annotationOf(event, 'authorization_k8s_io/decision');
  const message = stringAt(event, 'responseStatus', 'message');
  const how =
    decision === 'allow'
      ? 'The request was authorized, but the API server refused it'
      : 'The API server refused the request';
  return {
    id: 'refused-attempt',
    sentence: `${how} (${responseCode}), so it changed nothing.`,
    evidence: { code: responseCode, ...(message === undefined ? {} : { message: short(message) }) },
  };
};

export const dryRun: ReadSignal = ({ outcome }) =>
  outcome === 'dry-run'
    ? {
        id: 'dry-run',
        sentence: 'This was a dry run: nothing was stored, but the API server would have accepted it.',
      }
    : undefined;

function isTruncated({ event }: Circumstances): boolean {
  return annotationOf(event, 'audit_k8s_io/truncated') !== undefined;
}

export const bodyTruncated: ReadSignal = (about) =>
  isTruncated(about)
    ? {
        id: 'body-truncated',
        sentence:
          'The event was too large for the audit log and lost its bodies (audit.k8s.io/truncated). A client can cause this on purpose: review the request in the cluster.',
      }
    : undefined;

/** Does not apply to a refusal or an early stage: the API server may not have read the body yet. */
export const bodyMissing: ReadSignal = (about) => {
  const isEarly = stringAt(about.event, 'stage') === 'RequestReceived';
  if (about.phase === 'deleted' || about.outcome === 'refused' || isEarly || isTruncated(about))
    return undefined;
  if (hasBody(about.event)) return undefined;
  return {
    id: 'body-missing',
    sentence: `The audit log has no body of this request, so its content is unknown${about.outcome === 'dry-run' ? '' : ': review the request in the cluster'}.`,
  };
};

export const unparseableRequest: ReadSignal = ({ request: { parseError } }) =>
  parseError === undefined
    ? undefined
    : {
        id: 'unparseable-request',
        sentence: `The certificate request cannot be read as the API server reads it: ${visible(parseError, 256)}.`,
        evidence: short(parseError),
      };

export const unparseableCertificate: ReadSignal = ({ reading: { certificateError } }) =>
  certificateError === undefined
    ? undefined
    : {
        id: 'unparseable-certificate',
        sentence: `The certificate that was written cannot be read: ${visible(certificateError, 256)}.`,
        evidence: short(certificateError),
      };
