import { redeploy, type TamperCall } from './tamper-call.ts';

/** CloudWatch Logs and EKS: whether audit events are written, kept readable and delivered. */
export const logCalls: readonly TamperCall[] = [
  {
    service: 'logs',
    events: ['DeleteSubscriptionFilter', 'PutSubscriptionFilter'],
    protects: 'logGroups',
    parameters: { logGroupName: ['name'] },
    effect: 'the detector gets no log events of the group, or others than before',
    restoredBy: redeploy,
  },
  {
    service: 'logs',
    events: ['DeleteMetricFilter', 'PutMetricFilter'],
    protects: 'logGroups',
    parameters: { logGroupName: ['name'] },
    effect: 'the no-data alarm goes off without reason, or stays quiet',
    restoredBy: redeploy,
  },
  {
    service: 'logs',
    events: ['DeleteLogGroup', 'DeleteLogStream', 'PutRetentionPolicy'],
    protects: 'logGroups',
    parameters: { logGroupName: ['name'] },
    effect: 'log events are lost before anyone can search them again',
    restoredBy: `${redeploy} for a log group of the stack; EKS creates its own group again. What was deleted is lost`,
  },
  {
    service: 'logs',
    events: ['PutDataProtectionPolicy'],
    protects: 'logGroups',
    parameters: { logGroupIdentifier: ['name', 'ARN'] },
    effect: 'subscription and metric filters see masked values',
    restoredBy: '`aws logs delete-data-protection-policy --log-group-identifier LOG_GROUP`',
  },
  {
    service: 'logs',
    events: ['PutTransformer'],
    protects: 'logGroups',
    parameters: { logGroupIdentifier: ['name', 'ARN'] },
    effect: 'subscription and metric filters may see changed log events',
    restoredBy: '`aws logs delete-transformer --log-group-identifier LOG_GROUP`',
  },
  {
    service: 'logs',
    events: ['AssociateKmsKey', 'DisassociateKmsKey'],
    protects: 'logGroups',
    parameters: { logGroupName: ['name'], resourceIdentifier: ['ARN'] },
    effect: 'a key that CloudWatch Logs may not use stops log events',
    restoredBy:
      '`aws logs disassociate-kms-key --log-group-name LOG_GROUP`, or `associate-kms-key` with the key of before',
  },
  {
    service: 'logs',
    events: ['PutAccountPolicy'],
    protects: 'account',
    parameters: { policyName: ['any'] },
    only: { policyType: ['DATA_PROTECTION_POLICY', 'TRANSFORMER_POLICY'] },
    effect: 'masks or changes the log events of every log group that it selects',
    restoredBy: '`aws logs delete-account-policy --policy-name POLICY --policy-type TYPE`',
  },
  {
    service: 'logs',
    events: ['DeleteDestination', 'PutDestination', 'PutDestinationPolicy'],
    protects: 'destinations',
    parameters: { destinationName: ['name prefix'] },
    effect: 'the log events of the source accounts do not arrive',
    restoredBy: redeploy,
  },
  {
    service: 'eks',
    events: ['UpdateClusterConfig'],
    protects: 'clusters',
    parameters: { name: ['name'] },
    only: { logging: { clusterLogging: { types: ['audit'], enabled: [false] } } },
    effect: 'EKS stops writing audit events',
    restoredBy:
      '`aws eks update-cluster-config --name CLUSTER --logging \'{"clusterLogging":[{"types":["audit"],"enabled":true}]}\'`',
  },
  {
    service: 'eks',
    events: ['DeleteCluster'],
    protects: 'clusters',
    parameters: { name: ['name'] },
    effect: 'the cluster and its audit log end',
    restoredBy: 'nothing. Take the cluster out of the configuration if it was meant',
  },
];
