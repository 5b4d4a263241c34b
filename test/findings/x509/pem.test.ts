import { describe, expect, test } from 'vitest';
import { readRequest } from '../../../lambda/findings/x509/read-certificate-request.ts';
import { encoded, pem, requestDer } from './build.ts';

describe('the PEM around it', () => {
  const text = pem(requestDer());
  const body = text.split('\n').slice(1, -2);
  const [begin, end] = ['-----BEGIN CERTIFICATE REQUEST-----', '-----END CERTIFICATE REQUEST-----'];

  test.each([
    ['text before and after it', `a note\nand more\n${text}rest`],
    ['CR LF', text.replaceAll('\n', '\r\n')],
    ['headers', [begin, 'Proc-Type: 4,CLEAR', 'X: y', '', ...body, end, ''].join('\n')],
    ['one long line', [begin, body.join(''), end].join('\n')],
    ['a break after every character', [begin, ...body.join(''), end, ''].join('\n')],
    [
      'spaces in the base64 and after the dashes',
      [`${begin}  `, ...body.map((line) => ` ${line}\t`), `${end} `, ''].join('\n'),
    ],
    ['a block before it that does not decode', `-----BEGIN X-----\n!!!\n-----END X-----\n${text}`],
    ['a beginning without an end before it', `-----BEGIN X-----\nabc\n${text}`],
    ['another block after it', `${text}${pem(Buffer.from('x'), 'X')}`],
  ])('may have %s', (_, changed) => {
    expect(readRequest(encoded(changed))).toEqual(readRequest(encoded(text)));
    expect(readRequest(encoded(changed)).parseError).toBeUndefined();
  });

  test.each([
    ['another label', pem(requestDer(), 'CERTIFICATE'), 'the PEM block is labeled "CERTIFICATE"', 'bob'],
    [
      'another block first',
      `${pem(Buffer.from('x'), 'X')}${text}`,
      /^the PEM block is labeled "X"; /,
      undefined,
    ],
    [
      'bytes after the DER',
      pem(Buffer.concat([requestDer(), Buffer.from([0])])),
      'bytes follow the DER',
      'bob',
    ],
    ['no dashes', body.join('\n'), 'no PEM block of the request decodes', undefined],
    [
      'an end of another label',
      text.replace('END CERTIFICATE', 'END A'),
      'no PEM block of the request decodes',
      undefined,
    ],
    [
      'invalid base64',
      text.replace(/=*\n-----END/, '*\n-----END'),
      'no PEM block of the request decodes',
      undefined,
    ],
    ['nothing in it', pem(Buffer.from('')), 'the PEM block is empty', undefined],
  ])('with %s is refused, and read as far as possible', (_, changed, parseError, commonName) => {
    const read = readRequest(encoded(changed));
    expect(read.parseError).toEqual(
      parseError instanceof RegExp ? expect.stringMatching(parseError) : parseError,
    );
    expect(read.subject?.commonName).toBe(commonName);
  });
});
