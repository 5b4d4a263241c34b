import { redeploy, type TamperCall } from './tamper-call.ts';

/** SNS and SQS: whether alerts reach people, and what is kept if they don't. */
export const deliveryCalls: readonly TamperCall[] = [
  {
    service: 'sns',
    events: ['DeleteTopic', 'SetTopicAttributes', 'AddPermission', 'RemovePermission'],
    protects: 'topics',
    parameters: { topicArn: ['ARN'] },
    effect: 'alerts cannot be published, or others may publish',
    restoredBy: `${redeploy}; each person confirms again if the topic was deleted`,
    documented: ['DeleteTopic'],
  },
  {
    service: 'sns',
    events: ['PutDataProtectionPolicy'],
    protects: 'topics',
    parameters: { resourceArn: ['ARN'] },
    effect: 'the topic refuses alerts or masks their text',
    restoredBy: "`aws sns put-data-protection-policy --resource-arn TOPIC_ARN --data-protection-policy ''`",
  },
  {
    service: 'sns',
    events: ['Unsubscribe', 'SetSubscriptionAttributes'],
    protects: 'topics',
    parameters: { subscriptionArn: ['ARN:suffix'] },
    effect: 'a subscriber gets no alerts, or only some',
    restoredBy: `${redeploy}; e-mail addresses and telephone numbers confirm again`,
  },
  {
    service: 'sns',
    events: ['SetSMSAttributes'],
    protects: 'account',
    parameters: { attributes: ['any'] },
    effect: 'a spending limit stops SMS messages of the account',
    restoredBy: '`aws sns set-sms-attributes --attributes MonthlySpendLimit=AMOUNT`',
  },
  {
    service: 'sns',
    events: ['DeleteSMSSandboxPhoneNumber'],
    protects: 'account',
    parameters: { phoneNumber: ['any'] },
    effect: 'an account in the SMS sandbox sends no SMS to the number',
    restoredBy:
      '`aws sns create-sms-sandbox-phone-number --phone-number NUMBER`, then `verify-sms-sandbox-phone-number`',
  },
  {
    service: 'sqs',
    events: ['DeleteQueue', 'PurgeQueue', 'SetQueueAttributes', 'AddPermission', 'RemovePermission'],
    protects: 'queues',
    parameters: { queueUrl: ['URL'] },
    effect: 'messages are lost, cannot be written, or may be taken by others',
    restoredBy: `${redeploy}; messages that were deleted are lost`,
    documented: ['DeleteQueue', 'SetQueueAttributes', 'AddPermission', 'RemovePermission'],
  },
  {
    service: 'sqs',
    events: ['StartMessageMoveTask'],
    protects: 'queues',
    parameters: { sourceArn: ['ARN'], destinationArn: ['ARN'] },
    effect: 'failed inputs are moved to another queue',
    restoredBy: '`aws sqs list-message-move-tasks --source-arn QUEUE_ARN`, then `cancel-message-move-task`',
  },
];
