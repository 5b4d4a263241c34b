import { describe, expect, test } from 'vitest';
import { decidingCondition } from '../../lambda/findings/conditions.ts';
import {
  hasBody,
  knownObjectsOf,
  requestedObjectOf,
  responseObjectOf,
} from '../../lambda/findings/event-body.ts';
import { outcomeOf, phaseOf } from '../../lambda/findings/phase.ts';
import { expectLinearTime } from '../linear-time.ts';

const approval = (requestObject: unknown, responseObject?: unknown) => ({
  verb: 'patch',
  objectRef: { resource: 'certificatesigningrequests', subresource: 'approval' },
  responseStatus: { code: 200 },
  requestObject,
  responseObject,
});
const one = (type: string, changes: object = {}) => ({ type, status: 'True', ...changes });
const add = (path: string, value: unknown) => ({ op: 'add', path, value });
const replace = (path: string, value: unknown) => ({ op: 'replace', path, value });
const list = '/status/conditions';

describe('the decision of a JSON patch without a response', () => {
  test.each<[string, unknown[], string]>([
    ['one condition added', [add(`${list}/-`, one('Approved'))], 'approved'],
    ['the whole list', [add(list, [one('Denied')])], 'denied'],
    [
      'a later list replaces an earlier one',
      [add(list, [one('Denied')]), replace(list, [one('Approved')])],
      'approved',
    ],
    [
      'a decoy with a late date is replaced in its place',
      [
        add(list, [one('Denied', { lastUpdateTime: '2999-01-01T00:00:00Z' })]),
        replace(`${list}/0`, one('Approved')),
      ],
      'approved',
    ],
    [
      'a decoy is removed',
      [add(list, [one('Denied'), one('Approved')]), { op: 'remove', path: `${list}/0` }],
      'approved',
    ],
    [
      'the type of a known condition is changed',
      [add(list, [one('Denied')]), replace(`${list}/0/type`, 'Approved')],
      'approved',
    ],
    ['the whole status', [add('/status', { conditions: [one('Approved')] })], 'approved'],
    ['the whole document', [replace('', { status: { conditions: [one('Approved')] } })], 'approved'],
    [
      'a test changes nothing',
      [{ op: 'test', path: '/x', value: 1 }, add(`${list}/-`, one('Approved'))],
      'approved',
    ],
    ['a label', [add('/metadata/labels/x', 'y')], 'modified'],
    ['an escaped path', [add('/status~1conditions', [one('Approved')])], 'modified'],
    ['a copy', [add(`${list}/-`, one('Denied')), { op: 'copy', from: '/x', path: list }], 'decided'],
    ['a move', [{ op: 'move', from: '/x', path: `${list}/0` }], 'decided'],
    ['an unknown operation', [{ op: 'merge', path: list, value: [] }], 'decided'],
    ['a change of a stored condition', [replace(`${list}/0/type`, 'Approved')], 'decided'],
    [
      'the removal of a stored condition',
      [add(`${list}/-`, one('Denied')), { op: 'remove', path: `${list}/0` }],
      'decided',
    ],
    ['a place that the list lacks', [add(list, []), replace(`${list}/3`, one('Approved'))], 'decided'],
    ['an operation without a value', [{ op: 'add', path: list }], 'decided'],
    ['something that is not an operation', ['x'], 'decided'],
    [
      'more operations than the API server accepts',
      Array.from({ length: 10_001 }, () => add('/x', 1)),
      'decided',
    ],
  ])('%s', (_, patch, phase) => {
    expect(phaseOf(approval(patch))).toBe(phase);
  });

  test('takes time linear in a path of slashes', async () => {
    await expectLinearTime((length) => phaseOf(approval([add('/'.repeat(length), 1)])), 500_000);
  });
});

describe('the response decides', () => {
  const approved = { status: { conditions: [one('Approved')] } };
  test.each<[string, unknown, unknown, string]>([
    ['over a patch that says the opposite', [add(list, [one('Denied')])], approved, 'approved'],
    ['over a patch that is not understood', [{ op: 'copy', from: '/x', path: list }], approved, 'approved'],
    [
      'unless a string is in its place',
      { status: { conditions: [one('Denied')] } },
      'skipped-too-big-size-object',
      'denied',
    ],
    ['unless it is a Status', { status: { conditions: [one('Denied')] } }, { kind: 'Status' }, 'denied'],
  ])('%s', (_, request, response, phase) => {
    expect(phaseOf(approval(request, response))).toBe(phase);
  });

  test('but not with an answer that is not 2xx', () => {
    const event = {
      ...approval({ status: { conditions: [one('Denied')] } }, approved),
      responseStatus: { code: 500 },
    };
    expect(phaseOf(event)).toBe('denied');
  });

  test.each([undefined, null, 'skipped-too-big-size-object', '', 7, true])(
    'and without a body it is unknown: %s',
    (body) => {
      expect(phaseOf(approval(body, body))).toBe('decided');
    },
  );
});

describe('the outcome', () => {
  const create = (requestURI: string, code?: number, changes: object = {}) => ({
    verb: 'create',
    requestURI,
    ...(code === undefined ? {} : { responseStatus: { code } }),
    ...changes,
  });
  test.each<[string, object, string]>([
    ['no answer', create('/x'), 'unknown'],
    ['201', create('/x', 201), 'succeeded'],
    ['403', create('/x', 403), 'refused'],
    ['409 of a dry run', create('/x?dryRun=All', 409), 'refused'],
    ['500', create('/x', 500), 'unknown'],
    ['504 that the client provoked', create('/x?timeout=1ms', 504), 'unknown'],
    ['a panic', create('/x', 200, { stage: 'Panic' }), 'unknown'],
    ['a redirect', create('/x', 301), 'unknown'],
    ['a dry run', create('/x?dryRun=All', 201), 'dry-run'],
    ['a dry run among other parameters', create('/x?a=b&dryRun=All&c=d', 201), 'dry-run'],
    ['an escaped dry run', create('/x?%64ryRun=%41ll', 201), 'dry-run'],
    ['another value', create('/x?dryRun=all', 201), 'succeeded'],
    ['a second question mark, which belongs to the key', create('/x??dryRun=All', 201), 'succeeded'],
    ['a semicolon, which drops the pair', create('/x?dryRun=All;a', 201), 'succeeded'],
    ['an invalid escape, which drops the pair', create('/x?dryRun=All%zz', 201), 'succeeded'],
    ['a path that looks like a query', create('/x&dryRun=All', 201), 'succeeded'],
    ['a deletion by query', { ...create('/x?dryRun=All', 200), verb: 'delete' }, 'dry-run'],
    [
      'a deletion whose body has no dry run',
      { ...create('/x?dryRun=All', 200), verb: 'delete', requestObject: {} },
      'succeeded',
    ],
    [
      'a deletion by body',
      { ...create('/x', 200), verb: 'delete', requestObject: { dryRun: ['All'] } },
      'dry-run',
    ],
  ])('%s', (_, event, outcome) => {
    expect(outcomeOf({ ...event })).toBe(outcome);
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
