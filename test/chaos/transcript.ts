import { topics } from './execution-environments.ts';
import type { Attempt, Delivery, History, Publication } from './history.ts';

/** What happened in a run, for whoever looks for the reason of a failure. */
export function transcript({ scenario, attempts, publications, followedMs }: History): string {
  const { inputs, weather, together, skewMs } = scenario;
  return [
    JSON.stringify({ weather, together, skewMs }),
    ...inputs.map(
      ({ id, copies, overwritten, events }) =>
        `${id}: ${copies} deliveries of ${events.map(({ token, shape, actor }) => `${token} (${shape} by ${actor})`).join(' ')}${overwritten ? ', overwritten' : ''}`,
    ),
    ...[...followedMs].map(([certificate, ms]) => `followed from ${Math.round(ms)} ms: ${certificate}`),
    ...attempts.flatMap((attempt) => [
      headline(attempt),
      ...attempt.log.filter((line) => !line.includes('"_aws"')).map((line) => `    ${line.slice(0, 400)}`),
      ...publications.filter((one) => one.attempt === attempt).map((one) => `    ${published(one)}`),
      ...(attempt.error === undefined ? [] : [`    threw ${attempt.error}`]),
    ]),
  ].join('\n');
}

function headline({
  number,
  startedMs,
  endedMs,
  timeoutMs,
  killed,
  deliveries,
  failed,
  faults,
  requests,
}: Attempt): string {
  const times = `${Math.round(startedMs)} to ${Math.round(endedMs)} of ${timeoutMs} ms`;
  const calls = [...requests].map(([service, count]) => `${count} ${service}`).join(', ');
  return [
    `invocation ${number}, ${times}${killed ? ', killed' : ''}: ${names(deliveries) || 'summaries'}; ${calls}`,
    ...(failed.length === 0 ? [] : [`failed: ${names(failed)}`]),
    ...faults.map(({ service, fault }) => `${service}: ${JSON.stringify(fault)}`),
  ].join('; ');
}

function names(deliveries: readonly Delivery[]): string {
  return deliveries.map(({ input, attempts }) => `${input.id} (${attempts})`).join(', ');
}

function published({ topic, message, subject, answered }: Publication): string {
  const lost = answered ? '' : ', its answer lost';
  if (topic !== topics.json) return `accepted: ${subject}${lost}`;
  const { id, event, rule } = JSON.parse(message);
  return `accepted: ${event.auditID} ${rule.id} ${id}${lost}`;
}
