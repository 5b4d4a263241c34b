import type { Log } from '../log.ts';
import type { CompiledRule } from '../rules/rule.ts';
import { answerFollowRequest } from './answer-follow-request.ts';
import { DeliveryFollower } from './delivery-follower.ts';
import { dynamoDbWatchList } from './dynamodb-watch-list.ts';
import type { FollowAnswer } from './follow-answer.ts';
import { readFollowRequest } from './follow-request.ts';
import { WatchList } from './watch-list.ts';

/** Follows certificates for the lifetime of an instance of the function. */
export interface Following {
  /** The followers of one invocation, which reads the table at most once. */
  followers(): (stores: boolean) => Promise<DeliveryFollower>;
  /** Answers a request of a person. */
  answer(event: unknown): Promise<FollowAnswer>;
}

export interface FollowingPorts {
  readonly tableName: string;
  /** For one call to the table. */
  readonly tableTimeoutMs: number;
  readonly useRules: () => Promise<readonly CompiledRule[]>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

export function createFollowing({
  tableName,
  tableTimeoutMs,
  useRules,
  now,
  log,
}: FollowingPorts): Following {
  const table = dynamoDbWatchList(tableName, tableTimeoutMs, now);
  const watchList = new WatchList(table, now);
  return {
    followers() {
      let refreshing: ReturnType<WatchList['refresh']> | undefined;
      return async (stores) => {
        const isFirst = refreshing === undefined;
        refreshing ??= watchList.refresh();
        const refreshed = await refreshing;
        const isReported = isFirst && refreshed.kind === 'failed';
        return new DeliveryFollower({
          ...{ watchList, useRules, stores, log },
          failure: isReported ? refreshed.reason : undefined,
        });
      };
    },
    async answer(event) {
      const read = readFollowRequest(event);
      switch (read.kind) {
        case 'invalid':
          return { error: read.reason };
        case 'request':
          return answerFollowRequest(read.request, table, log);
      }
    },
  };
}
