import { redeploy, type TamperCall } from './tamper-call.ts';

const functionName = [
  'name',
  'name:qualifier',
  'ARN',
  'ARN:suffix',
  'partial ARN',
  'partial ARN:qualifier',
] as const;

/** Lambda: the functions, and what invokes them. */
export const functionCalls: readonly TamperCall[] = [
  {
    service: 'lambda',
    events: ['DeleteFunction', 'UpdateFunctionCode', 'UpdateFunctionConfiguration'],
    protects: 'functions',
    parameters: { functionName },
    effect: 'nothing is evaluated, or by other code, rules or channels',
    restoredBy: redeploy,
    documented: ['DeleteFunction'],
  },
  {
    service: 'lambda',
    events: ['PutRuntimeManagementConfig', 'PutFunctionCodeSigningConfig', 'PutFunctionRecursionConfig'],
    protects: 'functions',
    parameters: { functionName },
    effect: 'the function stays on an old runtime, refuses its next deployment, or may loop',
    restoredBy:
      `${redeploy}; if nothing changes, \`aws lambda put-runtime-management-config --update-runtime-on Auto\`, ` +
      '`delete-function-code-signing-config` and `put-function-recursion-config --recursive-loop Terminate`, each with `--function-name FUNCTION`',
  },
  {
    service: 'lambda',
    events: ['PutFunctionConcurrency', 'DeleteFunctionConcurrency'],
    protects: 'functions',
    parameters: { functionName },
    effect: 'a concurrency of 0 stops the function; without its own, other functions can use it up',
    restoredBy: `\`aws lambda delete-function-concurrency --function-name FUNCTION\`, then ${redeploy}`,
  },
  {
    service: 'lambda',
    events: [
      'PutFunctionEventInvokeConfig',
      'UpdateFunctionEventInvokeConfig',
      'DeleteFunctionEventInvokeConfig',
    ],
    protects: 'functions',
    parameters: { functionName },
    effect: 'failed log deliveries are not tried again and not kept',
    restoredBy: redeploy,
  },
  {
    service: 'lambda',
    events: ['AddPermission', 'RemovePermission'],
    protects: 'functions',
    parameters: { functionName },
    effect: 'CloudWatch Logs may not invoke the function, or others may, with forged log events',
    restoredBy: `${redeploy}; a permission that was added: \`aws lambda remove-permission --function-name FUNCTION --statement-id ID\``,
  },
  {
    service: 'lambda',
    events: ['DeleteEventSourceMapping', 'UpdateEventSourceMapping'],
    protects: 'eventSourceMappings',
    // CloudTrail lowers the first letter of a parameter, which is written UUID in the API
    parameters: { uUID: ['name'], uuid: ['name'] },
    effect: 'the function stops reading its queue or stream',
    restoredBy: `${redeploy}; a mapping that is only disabled: \`aws lambda update-event-source-mapping --uuid UUID --enabled\``,
  },
  {
    service: 'lambda',
    events: ['CreateEventSourceMapping'],
    protects: 'queues',
    parameters: { eventSourceArn: ['ARN'] },
    effect: "another function takes the queue's messages",
    restoredBy: '`aws lambda delete-event-source-mapping --uuid UUID`',
  },
  {
    service: 'lambda',
    events: ['CreateEventSourceMapping'],
    protects: 'streams',
    parameters: { eventSourceArn: ['ARN'] },
    effect: "another function shares the stream's read limit",
    restoredBy: '`aws lambda delete-event-source-mapping --uuid UUID`',
  },
];
