/** What another CDK app may use. */

export type { Rendering } from '../lambda/channels/channel.ts';
export type { ChannelProps, Subscribers } from './channel.ts';
export { ConfigError } from './config/error.ts';
export { type ConfigInput, type MemberConfigInput, parseConfig, parseMemberConfig } from './config.ts';
export { CsrWatch, type CsrWatchProps } from './csrwatch.ts';
export type { WatchedLogGroup } from './log-subscription.ts';
export { MemberStack } from './member-stack.ts';
export type { WatchedBucket } from './objects-road.ts';
export { type DeployedRules, deployedRules } from './rules.ts';
export { CsrWatchStack } from './stack.ts';
export type { StreamProps } from './stream-road.ts';
