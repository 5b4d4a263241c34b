import { gzipSync } from 'node:zlib';
import { timeoutMs } from './deliveries.ts';
import { type Functions, topics } from './execution-environments.ts';
import type { LocalServices } from './local-services.ts';
import type { RulesOf } from './lost-events.ts';
import {
  csrEvent,
  csrShapes,
  issuanceEvent,
  type PlantedEvent,
  type Shape,
  useEvent,
} from './planted-events.ts';
import { envelope } from './scenario.ts';

/** On a busy machine the table can be slower than its time limit. */
const attempts = 3;

/** The rules that match each planted event, as an invocation without faults reports them. */
export async function matchedRules(functions: Functions, services: LocalServices): Promise<RulesOf> {
  for (let attempt = 1; ; attempt += 1) {
    const { rulesOf, unseen } = await calibrated(`calibration-${attempt}`, functions, services);
    if (unseen.length === 0) return rulesOf;
    if (attempt === attempts) throw new Error(`no alert names ${unseen.join(', ')}`);
  }
}

async function calibrated(
  scenario: string,
  functions: Functions,
  services: LocalServices,
): Promise<{ readonly rulesOf: RulesOf; readonly unseen: readonly Shape[] }> {
  const environment = await functions.start();
  await services.tables.create(scenario);
  const issued = issuanceEvent('t0x10', 'user-t0-10');
  const events: PlantedEvent[] = [
    ...csrShapes.map((shape, index) => csrEvent(shape, `t0x${index}`, `user-t0-${index}`)),
    issued,
    useEvent('t0x11', issued),
  ];
  const rules = new Map<string, string[]>();
  const emails: string[] = [];
  services.clients.set(environment.id, {
    scenario,
    now: Date.now,
    next: () => undefined,
    kill: () => {},
    refused: () => {},
    object: () => undefined,
    followed: () => {},
    accepted({ topic, message }) {
      const alert = JSON.parse(message);
      if (topic === topics.text) emails.push(alert.email);
      else rules.set(alert.event.auditID, [...(rules.get(alert.event.auditID) ?? []), alert.rule.id]);
      return () => {};
    },
  });
  // the use comes later, when the certificate is on the watch list
  for (const delivered of [events.slice(0, -1), events.slice(-1)]) {
    const event = { awslogs: { data: gzipSync(envelope('calibration', delivered)).toString('base64') } };
    const answer = await environment.invoke({ event, timeoutMs: 10 * timeoutMs, clockMs: 0 });
    if (!('ok' in answer) || !answer.ok) throw new Error(`the calibration failed: ${JSON.stringify(answer)}`);
  }
  environment.kill();
  await services.tables.remove(scenario);
  const unseen = events.filter(
    ({ token }) => !rules.has(token) || !emails.some((email) => email.includes(token)),
  );
  const rulesOf = new Map(
    events.map(({ shape, token }): [Shape, string[]] => [shape, rules.get(token) ?? []]),
  );
  return { rulesOf, unseen: unseen.map(({ shape }) => shape) };
}
