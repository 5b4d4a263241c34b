/** What another CDK app may use. */

export type { Rendering } from '../lambda/alerts/channel.ts';
export type { Severity } from '../lambda/findings/finding.ts';
export type { ChannelProps, Subscribers } from './channel-topic.ts';
export { ConfigError } from './config/config-error.ts';
export type { ConfigInput, SourceAccountConfigInput } from './config/config-input.ts';
export { CsrWatch, type CsrWatchProps } from './csrwatch.ts';
export type { StreamProps } from './kinesis-source.ts';
export type { WatchedLogGroup } from './log-subscription.ts';
export type { MonitoringProps } from './operations/operations.ts';
export { type DeployedRules, deployedRules, type RuleChoice } from './rules.ts';
export type { WatchedBucket } from './s3-source.ts';
export { SourceAccountStack } from './source-account-stack.ts';
export { CsrWatchStack } from './stack.ts';
/** For the command `csrwatch template`. @internal */
export { writeTemplates } from './write-templates.ts';
