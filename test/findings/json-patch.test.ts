import { describe, expect, test } from 'vitest';
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
