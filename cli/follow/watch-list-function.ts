import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import { at, isObject, stringAt } from '../../lambda/json/read-json.ts';

/** What the function is asked: lambda/follow/follow-request.ts reads it. */
export type FollowRequest =
  | { readonly action: 'list' }
  | {
      readonly action: 'add';
      readonly certificate: string;
      readonly reason: string;
      readonly cluster?: string | undefined;
      readonly subject?: string | undefined;
      /** RFC 3339. */
      readonly until?: string | undefined;
    }
  | { readonly action: 'remove'; readonly certificate: string; readonly reason: string };

/** A followed certificate. What is not known is absent. */
export interface ListedCertificate {
  readonly certificate: string;
  readonly cluster: string | undefined;
  readonly subject: string | undefined;
  readonly csrName: string | undefined;
  readonly requester: string | undefined;
  readonly findingId: string | undefined;
  /** RFC 3339. */
  readonly issued: string | undefined;
  /** RFC 3339. */
  readonly until: string | undefined;
  readonly addedBy: string | undefined;
  readonly reason: string | undefined;
}

/** The function's answer. `json` is the answer itself, for programs. */
export type FollowAnswer = { readonly json: unknown } & (
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
): Promise<FollowAnswer> {
  const answer = await lambda.send(
    new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify({ follow: request }) }),
  );
  const text = Buffer.from(answer.Payload ?? []).toString('utf8');
  if (answer.FunctionError === undefined) return answerIn(parsed(text), text);
  return failed(stringAt(parsed(text), 'errorMessage') ?? text);
}

function answerIn(json: unknown, text: string): FollowAnswer {
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

function failed(reason: string): FollowAnswer {
  return { kind: 'failed', reason, json: { error: reason } };
}

function listed(item: unknown): ListedCertificate {
  return {
    certificate: stringAt(item, 'certificate') ?? '',
    cluster: stringAt(item, 'cluster'),
    subject: stringAt(item, 'subject'),
    csrName: stringAt(item, 'csrName'),
    requester: stringAt(item, 'requester'),
    findingId: stringAt(item, 'findingId'),
    issued: stringAt(item, 'issued'),
    until: stringAt(item, 'until'),
    addedBy: stringAt(item, 'addedBy'),
    reason: stringAt(item, 'reason'),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
