import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { ListedCertificate } from '../../lambda/follow/follow-answer.ts';
import type { FollowRequest } from '../../lambda/follow/follow-request.ts';
import { formatVersion } from '../../lambda/format-version.ts';
import { at, isObject, stringAt } from '../../lambda/json/read-json.ts';

/** The function's answer. `json` is the answer itself, for programs. */
export type WatchListAnswer = { readonly json: unknown } & (
  | { readonly kind: 'list'; readonly certificates: readonly ListedCertificate[]; readonly limit: number }
  | { readonly kind: 'added'; readonly isNew: boolean }
  | { readonly kind: 'removed'; readonly wasThere: boolean }
  /** The function refused, failed, or gave an answer that cannot be read. */
  | { readonly kind: 'failed'; readonly reason: string }
);

/** Asks the function that keeps the watch list. @throws an error of the SDK if it cannot be invoked */
export async function askWatchList(
  lambda: LambdaClient,
  functionName: string,
  request: FollowRequest,
): Promise<WatchListAnswer> {
  const answer = await lambda.send(
    new InvokeCommand({
      FunctionName: functionName,
      Payload: JSON.stringify({ follow: { formatVersion, ...request } }),
    }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString('utf8');
  if (answer.FunctionError === undefined) return answerIn(parsed(text), text);
  return failed(stringAt(parsed(text), 'errorMessage') ?? text);
}

function answerIn(json: unknown, text: string): WatchListAnswer {
  const [error, added, removed, certificates] = ['error', 'added', 'removed', 'certificates'].map((key) =>
    at(json, key),
  );
  if (typeof error === 'string') return { kind: 'failed', reason: error, json };
  if (typeof added === 'boolean') return { kind: 'added', isNew: added, json };
  if (typeof removed === 'boolean') return { kind: 'removed', wasThere: removed, json };
  const limit = at(json, 'limit');
  if (Array.isArray(certificates) && typeof limit === 'number')
    return { kind: 'list', certificates: certificates.filter(isObject).map(listed), limit, json };
  return failed(`the function's answer cannot be read: ${text.slice(0, 200)}`);
}

function failed(reason: string): WatchListAnswer {
  return { kind: 'failed', reason, json: { error: reason } };
}

function listed(item: unknown): ListedCertificate {
  const text = (key: keyof ListedCertificate) => stringAt(item, key) ?? null;
  const reason = text('reason');
  return {
    certificate: text('certificate') ?? '',
    cluster: text('cluster'),
    subject: text('subject'),
    csrName: text('csrName'),
    requester: text('requester'),
    findingId: text('findingId'),
    issued: text('issued'),
    until: text('until'),
    addedBy: text('addedBy') === 'hand' ? 'hand' : 'finding',
    ...(reason === null ? {} : { reason }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
