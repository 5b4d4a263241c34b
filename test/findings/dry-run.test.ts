import { describe, expect, test } from 'vitest';
import { isDryRun } from '../../lambda/findings/dry-run.ts';

describe('a dry run', () => {
  test.each([
    ['/x?dryRun=All', true],
    ['?dryRun=All', true],
    ['/x?dryRun=None&dryRun=All', true],
    ['/x?dryRun=All&', true],
    ['/x?d%72yRun=%41%6c%6C', true],
    ['/x', false],
    ['dryRun=All', false],
    ['/x?', false],
    ['/x?dryRun', false],
    ['/x?dryRun=', false],
    ['/x?=All', false],
    ['/x?All', false],
    ['/x?dryRun=All=All', false],
    ['/x?dryRun==All', false],
    ['/x?dryRun=All=', false],
    ['/x?dryRun%3DAll', false],
    ['/x?%2564ryRun=All', false],
    ['/x?a;b&dryRun=All', true],
    ['/x?dryRun=All;', false],
    ['/x?dryRun=All%', false],
    ['/x?dryRun=All%4', false],
    ['/x?dryRun=All%4g', false],
    ['/x?dryRun%g1=All', false],
    ['/x?%zz=%zz&dryRun=All', true],
    ['/x?dryRun=+All', false],
    ['/x?dry+Run=All', false],
    ['/x?dryRun=A+l+l', false],
    ['/x?dryRun=All?', false],
  ])('by the query %s: %s', (requestURI, expected) => {
    expect(isDryRun({ verb: 'create', requestURI })).toBe(expected);
  });

  test.each<[string, unknown, string, boolean]>([
    ['delete', { dryRun: ['All'] }, '/x', true],
    ['deletecollection', { dryRun: ['All'] }, '/x', true],
    ['deletecollection', {}, '/x?dryRun=All', false],
    ['delete', { dryRun: ['x', 'All'] }, '/x', true],
    ['delete', { dryRun: 'All' }, '/x?dryRun=All', false],
    ['delete', 'x', '/x?dryRun=All', true],
    ['delete', undefined, '/x?dryRun=All', true],
    ['create', { dryRun: ['All'] }, '/x', false],
  ])('of a %s with %j and %s: %s', (verb, requestObject, requestURI, expected) => {
    expect(isDryRun({ verb, requestObject, requestURI })).toBe(expected);
  });

  test('without a URI is none', () => {
    expect(isDryRun({ verb: 'create' })).toBe(false);
  });
});
