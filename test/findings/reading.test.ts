import fc from 'fast-check';
import { expect, describe as suite, test, vi } from 'vitest';
import type { AuditEvent } from '../../lambda/audit/audit-record.ts';
import { readEncoded } from '../../lambda/findings/read-request.ts';
import { approved, csrEvent, findingOf, updateOf } from './event.ts';
import { cn, name, request, utf8 } from './x509/build.ts';

const requestOf = (user: string) => request({ subject: name([cn(utf8(user))]) });
const bob = requestOf('bob');
const eve = requestOf('eve');
const patch = (requestObject: unknown): AuditEvent =>
  csrEvent({}, { verb: 'patch', requestObject, responseObject: null, responseStatus: { code: 200 } });

suite('spec.request is read', () => {
  test.each([
    ['from the response', csrEvent({ request: bob })],
    [
      'from the response rather than the request',
      csrEvent({ request: bob }, { requestObject: { spec: { request: eve } } }),
    ],
    [
      'from the request if the response lacks it',
      csrEvent({}, { requestObject: { spec: { request: bob } } }),
    ],
    ['from a whole CSR', patch({ kind: 'CertificateSigningRequest', spec: { request: bob } })],
    ['from a merge patch', patch({ spec: { request: bob } })],
    ['from a JSON patch of it', patch([{ op: 'replace', path: '/spec/request', value: bob }])],
    ['from a JSON patch of the spec', patch([{ op: 'add', path: '/spec', value: { request: bob } }])],
    ['from a JSON patch of everything', patch([{ op: 'add', path: '', value: { spec: { request: bob } } }])],
    [
      'from the last operation that sets it',
      patch([
        { op: 'add', path: '/spec', value: { request: eve } },
        { op: 'test', path: '/spec/request', value: eve },
        { op: 'replace', path: '/spec/request', value: bob },
        { op: 'remove', path: '/metadata/labels' },
      ]),
    ],
    [
      'from the request if the response is a refusal',
      csrEvent(
        {},
        {
          requestObject: { spec: { request: bob } },
          responseObject: { kind: 'Status', spec: { request: eve } },
        },
      ),
    ],
  ])('%s', async (_, event) => {
    expect((await findingOf(event)).request.subject?.commonName).toBe('bob');
  });

  test.each([
    ['a test operation, which sets nothing', [{ op: 'test', path: '/spec/request', value: bob }]],
    ['a similar pointer', [{ op: 'add', path: '/spec/requests', value: bob }]],
    ['a pointer below it', [{ op: 'add', path: '/spec/request/0', value: bob }]],
    ['malformed operations', [null, 1, 'x', [], { op: 'add' }, { op: 'add', path: 1 }]],
  ])('not from %s', async (_, operations) => {
    const { request } = await findingOf(patch(operations));
    expect(request).not.toHaveProperty('subject');
    expect(request).not.toHaveProperty('parseError');
  });

  test.each([
    ['a number', 5],
    ['a list', [bob]],
    ['an object', {}],
  ])('%s instead of it is reported', async (_, value) => {
    expect((await findingOf(csrEvent({ request: value }))).request.parseError).toBe(
      'the request is not a string',
    );
  });

  test('an empty one is reported, and an absent one is not', async () => {
    const read = async (value: unknown) => (await findingOf(csrEvent({ request: value }))).request.parseError;
    expect(await read('')).toBe('the request is empty');
    expect(await read(null)).toBeUndefined();
    expect(await read(undefined)).toBeUndefined();
  });
});

test('a defect of a reader is reported, and does not suppress the finding', async () => {
  const event = updateOf('status', { certificate: 'eA==' }, { request: bob });
  // the readers are loaded
  await readEncoded(event, 'issued');
  const defect = vi.spyOn(Buffer, 'from').mockImplementation(() => {
    throw new Error('x'.repeat(300));
  });
  const reading = await readEncoded(event, 'issued').finally(() => defect.mockRestore());
  const reason = `the reader failed: "Error: ${'x'.repeat(193)}…" (307 characters)`;
  expect(reading).toEqual({ request: { parseError: reason }, certificateError: reason });
});

suite('a JSON patch of everything', () => {
  const patched = (subresource: string, status: object) =>
    updateOf(
      subresource,
      {},
      {},
      { requestObject: [{ op: 'add', path: '', value: { status } }], responseObject: null },
    );

  test('approves', async () => {
    expect((await findingOf(patched('approval', approved))).phase).toBe('approved');
  });

  test('issues', async () => {
    expect((await findingOf(patched('status', { certificate: 'eA==' }))).phase).toBe('issued');
  });

  test.each([
    ['/status', { conditions: [{ type: 'Denied' }] }],
    ['/status/conditions', [{ type: 'Denied' }]],
    ['/status/conditions/-', { type: 'Denied' }],
    ['/status/conditions/0', { type: 'Denied' }],
  ])('and of %s denies', async (path, value) => {
    const event = updateOf(
      'approval',
      {},
      {},
      { requestObject: [{ op: 'add', path, value }], responseObject: null },
    );
    expect((await findingOf(event)).phase).toBe('denied');
  });
});

suite('an event of any shape', () => {
  const json = fc.jsonValue({ maxDepth: 3 });
  const part = fc.oneof(
    json,
    fc.record({ spec: json, status: json }, { requiredKeys: [] }),
    fc.record({ spec: fc.record({ request: json, usages: json, signerName: json, username: json }) }),
    fc.array(
      fc.record({
        op: fc.constantFrom('add', 'replace'),
        path: fc.constantFrom('', '/spec', '/status'),
        value: json,
      }),
    ),
  );
  const event = fc.record(
    {
      verb: fc.constantFrom('create', 'update', 'patch', 'delete'),
      objectRef: fc.oneof(
        json,
        fc.record({
          resource: fc.constant('certificatesigningrequests'),
          subresource: fc.constantFrom('approval', 'status', 'x'),
        }),
      ),
      ...{ user: json, impersonatedUser: json, sourceIPs: json, userAgent: json, annotations: json },
      ...{ responseStatus: json, requestURI: json, stageTimestamp: json },
      ...{ requestObject: part, responseObject: part },
    },
    { requiredKeys: ['verb', 'objectRef'] },
  );

  test('becomes a finding that can be serialized', async () => {
    const property = fc.asyncProperty(event, async (value) => {
      expect(JSON.parse(JSON.stringify(await findingOf(value)))).toHaveProperty('signals');
    });
    await fc.assert(property, { numRuns: 2_000 });
  });
});
