import { describe, expect, test } from 'vitest';
import { decodedBase64, pemBlocks } from '../../../lambda/findings/x509/pem.ts';
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

describe('the blocks of a text', () => {
  const blocks = (text: string) =>
    pemBlocks(text).map(({ label, bytes }) => `${label}: ${Buffer.from(bytes).toString('latin1')}`);
  const block = (label: string, body: string) => `-----BEGIN ${label}-----\n${body}\n-----END ${label}-----`;

  test.each<[string, string, readonly string[]]>([
    ['one', block('A', 'eA=='), ['A: x']],
    ['two', `${block('A', 'eA==')}\n${block('B', 'eQ==')}`, ['A: x', 'B: y']],
    ['with an empty label', '-----BEGIN -----\neA==\n-----END -----', [': x']],
    ['with nothing in it', '-----BEGIN A-----\n-----END A-----', ['A: ']],
    ['with headers only', block('A', 'X: y'), ['A: ']],
    ['with tabs at the ends of lines', '-----BEGIN A-----\t\neA==\t \n-----END A-----\t', ['A: x']],
    ['with CR LF', '-----BEGIN A-----\r\neA==\r\n-----END A-----\r\n', ['A: x']],
    ['with CR at the end of the text', '-----BEGIN A-----\neA==\n-----END A-----\r', []],
    ['with a dash too few', '-----BEGIN A----\neA==\n-----END A----', []],
    ['with other characters for the dashes', '-----BEGIN Axxxxx\neA==\n-----END A-----', []],
    ['with dashes for the label', '-----BEGIN ----\neA==\n-----END -----', []],
    ['without a space', '-----BEGIN-----\neA==\n-----END-----', []],
    ['that only ends', '-----END A-----', []],
    ['that begins otherwise', 'x\nxxxxxxxxxxxA-----\neA==\n-----END A-----', []],
    [
      'that begins otherwise before another block',
      'x\nxxxxxxxxxxxA-----\n-----BEGIN B:-----\n-----END B:-----\neA==\n-----END A-----',
      ['B:: '],
    ],
    ['that ends twice', `${block('A', 'eA==')}\n-----END A-----`, ['A: x']],
    ['that begins twice', `-----BEGIN A-----\n${block('A', 'eA==')}`, ['A: x']],
    ['after one that does not decode', `${block('A', '!')}\n${block('B', 'eQ==')}`, ['B: y']],
  ])('%s', (_, text, expected) => {
    expect(blocks(text)).toEqual(expected);
  });

  test.each(['eA=', 'eA', '!A==', 'eA==!!!!', 'eA==eA==', 'e===', ' eA=='])('%j is not base64', (text) => {
    expect(decodedBase64(text)).toBeUndefined();
  });

  test.each([
    ['', ''],
    ['eA==', 'x'],
    ['e\r\nHl6', 'xyz'],
  ])('%j is %j in base64', (text, expected) => {
    expect(Buffer.from(decodedBase64(text) ?? 'none').toString()).toBe(expected);
  });
});
