import type { AuditEvent } from '../audit/audit-record.ts';
import { certificateIn } from './conditions.ts';
import { bodiesOf, carried } from './event-body.ts';
import type { IssuedCertificate, Phase } from './finding.ts';
import type { RequestReading } from './x509/read-certificate-request.ts';

/** What the encoded parts of an event's bodies say. */
export interface Reading {
  readonly request: RequestReading;
  readonly certificate?: IssuedCertificate;
  /** Why a certificate that is there could not be read. */
  readonly certificateError?: string;
}

/**
 * Reads the PKCS#10 and, where one was issued, the certificate. What reads them is loaded here: most invocations
 * find nothing and need none of it.
 */
export async function readEncoded(event: AuditEvent, phase: Phase): Promise<Reading> {
  const request = bodiesOf(event)
    .map((body) => carried(body, 'spec', 'request'))
    .find((value) => value != null && value !== '');
  const certificate = phase === 'issued' ? certificateIn(event) : undefined;
  return {
    request: request === undefined ? {} : await readRequestText(request),
    ...(certificate === undefined ? {} : await readCertificateText(certificate)),
  };
}

async function readRequestText(request: unknown): Promise<RequestReading> {
  if (typeof request !== 'string') return { parseError: 'the request is no text' };
  try {
    const { readRequest } = await import('./x509/read-certificate-request.ts');
    return readRequest(request);
  } catch (error) {
    // a fault of the reader must not cost the page
    return { parseError: `the reader failed: ${String(error).slice(0, 200)}` };
  }
}

async function readCertificateText(text: string): Promise<Omit<Reading, 'request'>> {
  try {
    const { readCertificate } = await import('./x509/read-certificate.ts');
    const read = readCertificate(text);
    return read.ok ? { certificate: read.certificate } : { certificateError: read.reason };
  } catch (error) {
    return { certificateError: `the reader failed: ${String(error).slice(0, 200)}` };
  }
}
