import { createHash } from 'node:crypto';
import { certificate, certificateLogs } from '../fixtures/recordings/write-certificate-uses.ts';
import { truthTable } from '../truth-table.ts';

/** An audit event that rules match. */
export interface PlantedEvent {
  /** Also the event's audit id, and a part of the names in it that alerts show. */
  readonly token: string;
  readonly shape: Shape;
  readonly actor: string;
  readonly line: string;
  /** The SHA-256 fingerprint of the certificate that the event issues or that its client uses. */
  readonly certificate?: string;
}

/** The events of the truth table that are planted, by what they are. */
const titles = {
  request: 'create by kubernetes-admin, 201, allow',
  approval: 'update on approval, as kubectl certificate approve does',
  signing: "update on status by a custom signer's service account",
} as const;
export type CsrShape = keyof typeof titles;
/** `issuance`: of a certificate that is followed from then on. `use`: of such a certificate, by a client of its own. */
export type Shape = CsrShape | 'issuance' | 'use';

export const csrShapes: readonly [CsrShape, ...CsrShape[]] = ['request', 'approval', 'signing'];

type Json = Readonly<Record<string, unknown>>;

/** By a user who may cause other events, too. */
export function csrEvent(shape: CsrShape, token: string, actor: string): PlantedEvent {
  const found = truthTable.find(({ name }) => name === titles[shape]);
  const event: { objectRef?: Json } = JSON.parse(found?.text ?? '');
  const line = JSON.stringify({
    ...event,
    auditID: token,
    objectRef: { ...event.objectRef, name: `csr-${token}` },
    user: { username: actor, groups: ['system:authenticated'] },
  });
  return { token, shape, actor, line };
}

interface IssuedRequest {
  readonly metadata: Json;
  readonly spec: Json;
  readonly status: { readonly certificate: string };
}
interface Recorded {
  readonly objectRef: Json;
  readonly user: Json;
  readonly responseObject?: IssuedRequest;
}

const recorded = certificateLogs['certificate-issued'].map(
  (event): Recorded => JSON.parse(JSON.stringify(event)),
);
const issuance = recorded.find(
  ({ objectRef: { name, subresource }, responseObject }) =>
    name === 'bob-laptop' && subresource === 'status' && responseObject,
);
const use = recorded.findLast((event) => JSON.stringify(event).includes(`X509SHA256=${certificate}`));

/** The recorded issuance, of a certificate with another serial number. */
export function issuanceEvent(token: string, actor: string): PlantedEvent {
  const { metadata, spec, status } = issuance?.responseObject ?? {};
  const der = withSerial(derOf(status?.certificate ?? ''), token);
  const name = `csr-${token}`;
  const responseObject = {
    ...issuance?.responseObject,
    metadata: { ...metadata, name },
    spec: { ...spec, username: actor },
    status: { ...status, certificate: Buffer.from(pemOf(der)).toString('base64') },
  };
  const objectRef = { ...issuance?.objectRef, name };
  const line = JSON.stringify({
    ...issuance,
    auditID: token,
    objectRef,
    requestObject: undefined,
    responseObject,
  });
  return { token, shape: 'issuance', actor, line, certificate: sha256(der) };
}

/** The first request of a client with the certificate. Each has another user, so that the alert about several names them all. */
export function useEvent(token: string, { certificate: used = '' }: PlantedEvent): PlantedEvent {
  const actor = `user-${token}`;
  const extra = { 'authentication.kubernetes.io/credential-id': [`X509SHA256=${used}`] };
  const user = { ...use?.user, username: actor, extra };
  const line = JSON.stringify({ ...use, auditID: token, user, userAgent: `client-${token}` });
  return { token, shape: 'use', actor, line, certificate: used };
}

function derOf(certificateField: string): Buffer {
  const pem = Buffer.from(certificateField, 'base64').toString();
  return Buffer.from(pem.replaceAll(/-----[^-]+-----|\s/g, ''), 'base64');
}

function pemOf(der: Buffer): string {
  const lines = der.toString('base64').match(/.{1,64}/g) ?? [];
  return ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n');
}

/** The first integer of sixteen bytes is the serial number. */
function withSerial(der: Buffer, token: string): Buffer {
  const at = der.indexOf(Buffer.from([0x02, 0x10]));
  if (at === -1) throw new Error('the certificate has no serial number of sixteen bytes');
  const changed = Buffer.from(der);
  createHash('sha256')
    .update(token)
    .digest()
    .copy(changed, at + 10, 0, 8);
  return changed;
}

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
