import type { AuditEvent } from '../audit/audit-record.ts';
import { at } from '../json/read-json.ts';
import { quoted } from '../text/quoted-text.ts';
import { knownObjectsOf } from './event-body.ts';
import type { IssuedCertificate, Phase } from './finding.ts';
import { issuedCertificateOf } from './phase.ts';
import type { RequestReading } from './x509/read-certificate-request.ts';

/** What was read from the encoded parts of an event's bodies. */
export interface Reading {
  readonly request: RequestReading;
  readonly certificate?: IssuedCertificate;
  /** Of the certificate's key: the same as the request's if the certificate is for the request. */
  readonly certificateKeyDigest?: string;
  /** Why the certificate could not be read. */
  readonly certificateError?: string;
}

/**
 * Reads the PKCS#10 request and, if one was issued, the certificate. The readers are loaded lazily: most invocations
 * have no finding.
 */
export async function readEncoded(event: AuditEvent, phase: Phase): Promise<Reading> {
  const isPatch = Array.isArray(at(event, 'requestObject'));
  const request = knownObjectsOf(event)
    .map((object) => at(object, 'spec', 'request'))
    // a patch below `/spec/request` would look like a list
    .find((value) => value !== undefined && value !== null && !(isPatch && Array.isArray(value)));
  const certificate = phase === 'issued' ? issuedCertificateOf(event) : undefined;
  return {
    request: request === undefined ? {} : await readRequestText(request),
    ...(certificate === undefined ? {} : await readCertificateText(certificate)),
  };
}

async function readRequestText(request: unknown): Promise<RequestReading> {
  if (typeof request !== 'string') return { parseError: 'the request is not a string' };
  if (request === '') return { parseError: 'the request is empty' };
  try {
    const { readRequest } = await import('./x509/read-certificate-request.ts');
    return readRequest(request);
  } catch (error) {
    // a defect of the reader must not suppress the alert
    return { parseError: `the reader failed: ${quoted(String(error), 200)}` };
  }
}

async function readCertificateText(text: string): Promise<Omit<Reading, 'request'>> {
  try {
    const { readCertificate } = await import('./x509/read-certificate.ts');
    const read = readCertificate(text);
    if (!read.ok) return { certificateError: read.reason };
    const { certificate, keyDigest } = read;
    return { certificate, ...(keyDigest === undefined ? {} : { certificateKeyDigest: keyDigest }) };
  } catch (error) {
    return { certificateError: `the reader failed: ${quoted(String(error), 200)}` };
  }
}
