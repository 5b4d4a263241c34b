import { describe, expect, test } from 'vitest';
import { decidingCondition } from '../../lambda/findings/conditions.ts';
import { isDryRun } from '../../lambda/findings/dry-run.ts';
import {
  hasBody,
  knownObjectsOf,
  requestedObjectOf,
  responseObjectOf,
} from '../../lambda/findings/event-body.ts';
import { appliedPatch } from '../../lambda/findings/json-patch.ts';

describe('a JSON patch sets', () => {
  const add = (path: unknown, value: unknown = 1) => ({ op: 'add', path, value });
  const replace = (path: string, value: unknown = 1) => ({ op: 'replace', path, value });
  const remove = (path: string) => ({ op: 'remove', path });
  test.each<[unknown[], unknown]>([
    [[], {}],
    [[{ op: 'test', path: '/a', value: 1 }], {}],
    [[{ op: 'test', path: 'a', value: 1 }], undefined],
    [[add('/a')], { a: 1 }],
    [[add('/a'), add('/b', 2)], { a: 1, b: 2 }],
    [[add('/a/b'), add('/a/c', 2)], { a: { b: 1, c: 2 } }],
    [[add('/a'), remove('/a')], { a: undefined }],
    [[add('/', 1)], { '': 1 }],
    [[add('a')], undefined],
    [[add('a/b')], undefined],
    [[add('xa/')], undefined],
    [[add(7)], undefined],
    [[{ op: 'add', path: '/a' }], undefined],
    [[{ op: 'replace', path: '/a' }], undefined],
    [[{ op: 'copy', path: '/a', from: '/b' }], undefined],
    [[{ op: 'copy', path: '/a', from: '/b' }, add('/a')], undefined],
    [[add('', { a: 1 })], { a: 1 }],
    [[add('', [1])], undefined],
    [[add('', 'x')], undefined],
    [[remove('')], undefined],
    [[add('/a~1b/c~0d~01', 1)], { 'a/b': { 'c~d~1': 1 } }],
    [[add('/~1~1/~0~0', 1)], { '//': { '~~': 1 } }],
    [[add('/toString/a', 1)], { toString: { a: 1 } }],
    // eight parts are read, nine are not
    [[add('/1a/b/c/d/e/f/g/h')], { '1a': { b: { c: { d: { e: { f: { g: { h: 1 } } } } } } } }],
    [[add('/1a/b/c/d/e/f/g/h/i')], {}],
    [[add('/1a/b/c/d/e/f/g/h/i/j/k')], {}],
    // a list whose first items are unknown
    [[add('/a/-')], { a: [1] }],
    [[add('/a/-', 1), add('/a/-', 2)], { a: [1, 2] }],
    [[add('/a/0')], { a: [1] }],
    [[add('/a/10')], { a: [1] }],
    [[add('/a/19')], { a: [1] }],
    [[add('/a/01')], { a: { '01': 1 } }],
    [[add('/a/x0')], { a: { x0: 1 } }],
    [[add('/a/0x')], { a: { '0x': 1 } }],
    [[add('/a/1x')], { a: { '1x': 1 } }],
    [[replace('/a/0')], undefined],
    [[remove('/a/0')], undefined],
    [[add('/a/0/b')], undefined],
    [[add('/a/-'), add('/a/-/b')], undefined],
    [[add('/a/-'), add('/a/b')], undefined],
    [[add('/a/-'), replace('/a/0')], undefined],
    // a list that the patch set
    [[add('/a', [1, 2]), add('/a/-', 3)], { a: [1, 2, 3] }],
    [[add('/a', [1, 2]), add('/a/0', 3)], { a: [3, 1, 2] }],
    [[add('/a', [1, 2]), add('/a/2', 3)], { a: [1, 2, 3] }],
    [[add('/a', [1, 2]), add('/a/3', 3)], undefined],
    [[add('/a', [1, 2]), add('/a/x', 3)], undefined],
    [[add('/a', [1, 2]), replace('/a/1', 3)], { a: [1, 3] }],
    [[add('/a', [1, 2]), replace('/a/2', 3)], undefined],
    [[add('/a', [1, 2]), replace('/a/-', 3)], undefined],
    [[add('/a', [1, 2]), remove('/a/0')], { a: [2] }],
    [[add('/a', [1, 2]), remove('/a/2')], undefined],
    [[add('/a', [{ b: 1 }]), add('/a/0/c', 2)], { a: [{ b: 1, c: 2 }] }],
    [[add('/a', [1]), add('/a/0/c', 2)], undefined],
    [[add('/a', [{ b: 1 }]), add('/a/1/c', 2)], undefined],
    [[add('/a', 1), add('/a/b', 2)], { a: { b: 2 } }],
    [[add('/a', [1]), add('/a/-', 2), replace('/a/0', 3)], { a: [3, 2] }],
  ])('%j: %j', (patch, expected) => {
    expect(appliedPatch(patch)).toEqual(expected);
  });

  test('what the first 4,096 characters of a path state', () => {
    const longest = 'x'.repeat(4_096 - '/a/'.length);
    expect(appliedPatch([add(`/a/${longest}`)])).toEqual({ a: { [longest]: 1 } });
    expect(appliedPatch([add(`/a/${longest}x`)])).toEqual({ a: { [longest]: 1 } });
  });

  test('nothing with more operations than the API server accepts', () => {
    const many = Array.from({ length: 10_000 }, () => ({ op: 'test', path: '/a' }));
    expect(appliedPatch(many)).toEqual({});
    expect(appliedPatch([...many, { op: 'test', path: '/a' }])).toBeUndefined();
  });
});

describe('the bodies of an event', () => {
  const code = (status: number | undefined) => ({
    responseStatus: { code: status },
    responseObject: { a: 1 },
  });
  test.each([
    [undefined, true],
    [199, false],
    [200, true],
    [299, true],
    [300, false],
    [403, false],
  ])('with the code %s have a response: %s', (status, hasResponse) => {
    expect(responseObjectOf(code(status))).toEqual(hasResponse ? { a: 1 } : undefined);
  });

  const response = { kind: 'CertificateSigningRequest' };
  const unknown = [{ op: 'copy', path: '/a', from: '/b' }];
  test.each<[string, object, unknown, unknown[], boolean]>([
    ['none', {}, { kind: 'absent' }, [], false],
    ['a text', { requestObject: 'x', responseObject: 'x' }, { kind: 'absent' }, [], false],
    ['a Status', { responseObject: { kind: 'Status' } }, { kind: 'absent' }, [], false],
    ['a response', { responseObject: response }, { kind: 'absent' }, [response], true],
    ['an object', { requestObject: { b: 2 } }, { kind: 'object', object: { b: 2 } }, [{ b: 2 }], true],
    [
      'both',
      { requestObject: { b: 2 }, responseObject: response },
      { kind: 'object', object: { b: 2 } },
      [response, { b: 2 }],
      true,
    ],
    [
      'a patch',
      { requestObject: [{ op: 'add', path: '/b', value: 2 }] },
      { kind: 'object', object: { b: 2 } },
      [{ b: 2 }],
      true,
    ],
    ['a patch that is not understood', { requestObject: unknown }, { kind: 'unknown' }, [], true],
  ])('%s', (_, bodies, requested, known, isThere) => {
    expect(requestedObjectOf({ ...bodies })).toEqual(requested);
    expect(knownObjectsOf({ ...bodies })).toEqual(known);
    expect(hasBody({ ...bodies })).toBe(isThere);
  });
});

describe('the condition that decides', () => {
  const at = (type: string, lastUpdateTime?: string) => ({ type, lastUpdateTime });
  test.each<[unknown, string | undefined]>([
    [undefined, undefined],
    ['Approved', undefined],
    [[], undefined],
    [[null, 'Approved', at('Failed')], undefined],
    [[at('Approved')], 'Approved'],
    [[at('Denied')], 'Denied'],
    [[at('Approved'), at('Denied')], 'Denied'],
    [[at('Approved', '2026-01-02'), at('Denied', '2026-01-01')], 'Approved'],
    [[at('Approved', '2026-01-01'), at('Denied', '2026-01-01')], 'Denied'],
    [[at('Approved', '2026-01-01'), at('Denied', '2026-01-02'), at('Failed', '2026-01-03')], 'Denied'],
    [[at('Approved', '2026-01-01'), at('Denied')], 'Approved'],
  ])('of %j is %s', (conditions, type) => {
    expect(decidingCondition({ status: { conditions } })).toBe(type);
  });
});

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
