import { createHash } from 'node:crypto';
import type { IssuedCertificate } from '../finding.ts';
import { namesInExtensions, noAlternativeNames } from './alternative-names.ts';
import { type Element, elementAt, expected, fields, Refusal, tags } from './der.ts';
import { readName } from './distinguished-name.ts';
import { decodedBase64, pemBlocks } from './pem.ts';
import { keyDigestOf } from './public-key.ts';
import { subjectOf } from './read-certificate-request.ts';

interface ReadLeaf {
  readonly ok: true;
  readonly certificate: IssuedCertificate;
  readonly keyDigest?: string;
}

/** More than etcd accepts (1.5 MiB by default), including base64. */
const maxCharacters = 2_000_000;

/** The leaf, the first block, of `status.certificate` (base64 of PEM), or why it cannot be read. */
export function readCertificate(
  certificate: string,
): ReadLeaf | { readonly ok: false; readonly reason: string } {
  if (certificate.length > maxCharacters)
    return { ok: false, reason: `the certificate is too long: ${certificate.length} characters` };
  const pem = decodedBase64(certificate);
  const leaf =
    pem && pemBlocks(Buffer.from(pem).toString('latin1')).find(({ label }) => label === 'CERTIFICATE');
  if (!leaf || leaf.bytes.length === 0) return { ok: false, reason: 'no PEM block of a certificate decodes' };
  try {
    return readLeaf(leaf.bytes);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { ok: false, reason: error.message };
  }
}

function readLeaf(der: Uint8Array): ReadLeaf {
  const whole = expected(elementAt(der, 0), tags.sequence);
  const read = fields(fields(whole).next(tags.sequence));
  read.optional(tags.context0); // version
  const serial = read.next(tags.integer);
  read.next(tags.sequence); // signature algorithm
  read.next(tags.sequence); // issuer
  const validity = fields(read.next(tags.sequence));
  const notBefore = timeOf(validity.next());
  const notAfter = timeOf(validity.next());
  const name = readName(read.next());
  const keyDigest = keyDigestOf(read.next(tags.sequence));
  read.optional(0x81);
  read.optional(0x82);
  const extensions = read.optional(0xa3);
  const names = extensions ? namesInExtensions(elementAt(extensions.content, 0)) : noAlternativeNames;
  const certificate = {
    serialNumber: Buffer.from(serial.content)
      .toString('hex')
      .replace(/^(00)+(?=.)/, ''),
    notBefore,
    notAfter,
    sha256: createHash('sha256').update(whole.bytes).digest('hex'),
    subject: subjectOf(name, names),
  };
  return { ok: true, certificate, ...(keyDigest === undefined ? {} : { keyDigest }) };
}

/** A time as RFC 5280 requires it, in UTC with seconds; the two digits of a year before 50 are of this century. */
function timeOf({ tag, content }: Element): string {
  const text = Buffer.from(content).toString('latin1');
  const digits = /^(\d*)Z$/.exec(text)?.[1] ?? '';
  const full = tag === tags.utcTime ? `${digits < '5' ? '20' : '19'}${digits}` : digits;
  const time = full.replace(/^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/, '$1-$2-$3T$4:$5:$6Z');
  const isTime = (tag === tags.utcTime || tag === tags.generalizedTime) && !Number.isNaN(Date.parse(time));
  // Date.parse accepts 30 February and the hour 24, and moves them to the next day
  if (!isTime || new Date(time).toISOString() !== time.replace('Z', '.000Z'))
    throw new Refusal('a time in the certificate is invalid');
  return time;
}
