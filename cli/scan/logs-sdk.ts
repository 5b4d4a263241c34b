// Loaded lazily and a module of its own, like s3-sdk.ts.
export { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
