/** What another CDK app may use. */

export type { Rendering } from '../lambda/alerts/channel.ts';
export type { ChannelProps, Subscribers } from './channel.ts';
export { ConfigError } from './config/config-error.ts';
export {
  type ConfigInput,
  parseConfig,
  parseSourceAccountConfig,
  type SourceAccountConfigInput,
} from './config.ts';
export { CsrWatch, type CsrWatchProps } from './csrwatch.ts';
export type { StreamProps } from './kinesis-source.ts';
export type { WatchedLogGroup } from './log-subscription.ts';
export { type DeployedRules, deployedRules } from './rules.ts';
export type { WatchedBucket } from './s3-source.ts';
export { SourceAccountStack } from './source-account-stack.ts';
export { CsrWatchStack } from './stack.ts';
