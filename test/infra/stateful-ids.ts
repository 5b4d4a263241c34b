/** What holds state: CloudFormation replaces what changes its logical id, and its content is left behind or gone. */
const stateful = [
  'AWS::DynamoDB::Table',
  'AWS::DynamoDB::GlobalTable',
  'AWS::KMS::Key',
  'AWS::Kinesis::Stream',
  'AWS::Logs::Destination',
  'AWS::S3::Bucket',
  'AWS::SNS::Topic',
  'AWS::SQS::Queue',
];

/** The type and the logical id of each resource that holds state. */
export function statefulIds(template: Readonly<Record<string, unknown>>): string[] {
  const resources: Record<string, { Type: string }> = Object(template['Resources']);
  return Object.entries(resources)
    .filter(([, { Type }]) => stateful.includes(Type))
    .map(([id, { Type }]) => `${Type.split('::')[2]} ${id}`)
    .sort();
}
