import { formatVersion } from '../lambda/format-version.ts';

/** What the state machine uses. */
export interface BackfillParts {
  readonly partition: string;
  readonly detectorArn: string;
  readonly resultsBucket: string;
  /** The prefix of the results' keys, without a trailing slash. */
  readonly resultsPrefix: string;
}

/** The map's name and label: a part of the ARN of each child execution. */
export const mapState = 'EveryObject';

/** A failed object is retried, as a queue would. */
const retries = [
  {
    ErrorEquals: ['States.ALL'],
    IntervalSeconds: 5,
    MaxAttempts: 3,
    BackoffRate: 3,
    MaxDelaySeconds: 120,
    JitterStrategy: 'FULL',
  },
];

/**
 * The state machine in Amazon States Language. Its input is
 * `{formatVersion, bucket, prefix, concurrency, toleratedFailurePercentage, alerts}`. Each object has a child execution of its own, so that
 * a failure and a result belong to one object. The fields take JSONata (https://states-language.net/spec.html).
 */
export function backfillDefinition({
  partition,
  detectorArn,
  resultsBucket,
  resultsPrefix,
}: BackfillParts): object {
  const scan = {
    Type: 'Task',
    Resource: `arn:${partition}:states:::lambda:invoke`,
    Arguments: { FunctionName: detectorArn, Payload: '{% $states.input %}' },
    Output: '{% $states.result.Payload %}',
    Retry: retries,
    End: true,
  };
  return {
    Comment: 'csrwatch: runs the detector over every object below a prefix',
    QueryLanguage: 'JSONata',
    StartAt: mapState,
    States: {
      [mapState]: {
        Type: 'Map',
        Label: mapState,
        ItemReader: {
          Resource: `arn:${partition}:states:::s3:listObjectsV2`,
          Arguments: { Bucket: '{% $states.input.bucket %}', Prefix: '{% $states.input.prefix %}' },
        },
        ItemSelector: {
          formatVersion,
          bucket: '{% $states.input.bucket %}',
          key: '{% $states.context.Map.Item.Value.Key %}',
          alerts: '{% $states.input.alerts %}',
        },
        MaxConcurrency: '{% $states.input.concurrency %}',
        ToleratedFailurePercentage: '{% $states.input.toleratedFailurePercentage %}',
        ItemProcessor: {
          // an express execution ends after five minutes, and one large object may take longer
          ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
          StartAt: 'Scan',
          States: { Scan: scan },
        },
        ResultWriter: {
          Resource: `arn:${partition}:states:::s3:putObject`,
          Arguments: { Bucket: resultsBucket, Prefix: resultsPrefix },
          WriterConfig: { OutputType: 'JSONL', Transformation: 'COMPACT' },
        },
        End: true,
      },
    },
  };
}
