import { expect, test } from 'vitest';
import { matchesPattern } from './event-pattern.ts';

/** From EventBridge's user guide, page "Comparison operators for use in event patterns". */
test.each([
  [{ time: [{ prefix: '2017-10-02' }] }, { time: '2017-10-02T18:43:48Z' }, true],
  [{ FileName: [{ suffix: '.png' }] }, { FileName: 'a.png' }, true],
  [{ FileName: [{ suffix: '.png' }] }, { FileName: 'a.png.txt' }, false],
  [{ state: [{ 'anything-but': 'initializing' }] }, { state: 'running' }, true],
  [{ state: [{ 'anything-but': ['stopped', 'overloaded'] }] }, { state: 'stopped' }, false],
  [{ state: [{ 'anything-but': { prefix: 'init' } }] }, { state: 'initializing' }, false],
  [{ state: [{ 'anything-but': 'initializing' }] }, {}, false],
  [{ 'detail-type': [{ 'equals-ignore-case': 'ec2' }] }, { 'detail-type': 'EC2' }, true],
  [{ path: [{ wildcard: 'dir/*.png' }] }, { path: 'dir/a.png' }, true],
  [{ path: [{ wildcard: 'dir/*.png' }] }, { path: 'other/a.png' }, false],
  [{ id: [{ exists: true }] }, { id: null }, true],
  [{ id: [{ exists: true }] }, {}, false],
  [{ id: [{ exists: false }] }, {}, true],
  [{ a: { id: [{ exists: false }] } }, { a: null }, true],
  [{ id: [null] }, { id: null }, true],
  [{ id: [null] }, {}, false],
  [{ $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: '2' }, true],
  [{ c: ['3'], $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: '2' }, false],
  [{ names: ['a'] }, { names: ['b', 'a'] }, true],
  [
    { list: { on: [true], name: ['a'] } },
    {
      list: [
        { on: true, name: 'b' },
        { on: false, name: 'a' },
      ],
    },
    false,
  ],
])('%j against %j is %s', (pattern, event, expected) => {
  expect(matchesPattern(pattern, event)).toBe(expected);
});

test.each([
  {},
  { a: [] },
  { a: [{ cidr: '10.0.0.0/8' }] },
  { a: [{ wildcard: 'a**' }] },
  { $or: [{ a: ['1'] }] },
])('%j is refused', (pattern) => {
  expect(() => matchesPattern(pattern, { a: 'x' })).toThrow();
});
