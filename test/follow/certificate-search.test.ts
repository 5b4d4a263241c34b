import { describe, expect, test } from 'vitest';
import { certificateSearch } from '../../lambda/follow/certificate-search.ts';
import { Fingerprints } from '../../lambda/follow/fingerprints.ts';
import { createPrefilter } from '../../lambda/framing/prefilter.ts';

const watched = 'ab'.repeat(32);
const other = 'cd'.repeat(32);
const searchFor = (fingerprints: Fingerprints) =>
  createPrefilter([], certificateSearch(fingerprints)).nextCandidate;
const find = (text: string, from = 0) => searchFor(new Fingerprints([watched]))(Buffer.from(text), from);

describe('the search for uses of certificates finds', () => {
  test.each([
    ['an equals sign', `["X509SHA256=${watched}"]`],
    ['the JSON escape of one', String.raw`["X509SHA256\u003d${watched}"]`],
    ['the escape in upper case', String.raw`["X509SHA256\u003D${watched}"]`],
    ['the escape in JSON inside JSON', String.raw`"[\"X509SHA256\\u003d${watched}\"]"`],
    ['one after others', `X509SHA256 X509SHA256=${other} X509SHA256=${watched}`],
  ])('%s', (_, text) => {
    expect(find(text)).toBe(text.lastIndexOf('X509SHA256'));
  });

  test.each([
    ['another certificate', `["X509SHA256=${other}"]`],
    ['another certificate with the same beginning', `X509SHA256=${watched.slice(0, 60)}0000`],
    ['another separator', `["X509SHA256:${watched}"]`],
    ['another escape', String.raw`["X509SHA256\u003e${watched}"]`],
    ['a digest that is cut off', `["X509SHA256=${watched.slice(0, -1)}`],
    ['the fingerprint alone', watched],
    ['nothing', ''],
  ])('no %s', (_, text) => {
    expect(find(text)).toBe(-1);
  });

  test('only what begins at or after the offset', () => {
    const text = `X509SHA256=${watched}`;
    expect(find(text, 1)).toBe(-1);
    expect(find(`${text} ${text}`, 1)).toBe(text.length + 1);
  });

  test('a certificate that is added to the set later', () => {
    const fingerprints = new Fingerprints();
    const search = searchFor(fingerprints);
    const chunk = () => Buffer.from(`X509SHA256=${watched}`);
    expect(search(chunk(), 0)).toBe(-1);
    fingerprints.add(watched);
    expect(search(chunk(), 0)).toBe(0);
  });
});
