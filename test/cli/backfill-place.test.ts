import { describe, expect, test } from 'vitest';
import { chosenPlace } from '../../cli/backfill/backfill-place.ts';

const one = ['my-audit-logs/audit/'];
const two = ['my-audit-logs/', 'other/a/', 'other/b/'];

describe('a backfill runs', () => {
  test.each([
    ['what is watched, where nothing is said', one, {}, { bucket: 'my-audit-logs', prefix: 'audit/' }],
    ['a part of it', one, { prefix: 'audit/2026/' }, { bucket: 'my-audit-logs', prefix: 'audit/2026/' }],
    ['the bucket that is named', two, { bucket: 'my-audit-logs' }, { bucket: 'my-audit-logs', prefix: '' }],
    ['one of two prefixes', two, { bucket: 'other', prefix: 'b/1' }, { bucket: 'other', prefix: 'b/1' }],
  ])('over %s', (_, watched, values, place) => {
    expect(chosenPlace(watched, values)).toEqual(place);
  });

  test.each([
    ['a bucket that is not watched', one, { bucket: 'x' }, '--bucket x: expected one of my-audit-logs'],
    ['no bucket of several', two, {}, '--bucket NAME: expected one of my-audit-logs, other'],
    [
      'keys that it may not read',
      one,
      { prefix: '2026/' },
      '--prefix 2026/: csrwatch may read only keys of my-audit-logs that begin with audit/',
    ],
    [
      'no prefix of several',
      two,
      { bucket: 'other' },
      '--prefix PREFIX: csrwatch may read only keys of other that begin with a/ or b/',
    ],
  ])('not over %s, and says what it may', (_, watched, values, message) => {
    expect(() => chosenPlace(watched, values)).toThrow(
      expect.objectContaining({ name: 'StackError', message }),
    );
  });
});
