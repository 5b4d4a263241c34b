import { expect, test } from 'vitest';
import { configurations, templateOf } from './configurations.ts';
import { statefulIds } from './stateful-ids.ts';

test('what holds state keeps its logical id', () => {
  const ids = statefulIds(templateOf(configurations['everything on']).toJSON());
  expect(ids).toMatchInlineSnapshot(`
    [
      "Bucket CsrWatchBackfillResults398B9570",
      "Bucket CsrWatchLogsFailuresBucket4D6C9A1C",
      "Bucket CsrWatchObjectsAuditLogs1D7D2A57",
      "Destination CsrWatchStreamDestination3F8141A4",
      "Key CsrWatchChannelsKeyBE257310",
      "Queue CsrWatchCanaryQueue1D05F888",
      "Queue CsrWatchChannelsUndeliveredBEA7419C",
      "Queue CsrWatchLogsFailuresDeadLetterQueueBC93F78E",
      "Queue CsrWatchObjectsDeadLetterQueue6A474C80",
      "Queue CsrWatchObjectsQueueA7AF19CA",
      "Queue CsrWatchOperationsTamperRulesUndeliveredE93E17E7",
      "Stream CsrWatchStreamDD2B66FF",
      "Table CsrWatchDedupTable07B5F160",
      "Table CsrWatchWatchListTable6A6F95F5",
      "Topic CsrWatchChannelsAlerts5548DC2C",
      "Topic CsrWatchChannelsAuditC2158009",
      "Topic CsrWatchChannelsCriticalSms88C1F1FA",
      "Topic CsrWatchChannelsFindingsDDB93ECA",
      "Topic CsrWatchChannelsOperationsTopicF4C6BFED",
      "Topic CsrWatchChannelsPager245DE80A",
      "Topic CsrWatchChannelsSlack3C29C877",
      "Topic CsrWatchChannelsSms927B1383",
    ]
  `);
});
