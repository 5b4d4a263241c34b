/** One SNS message of a channel. */
export interface Message {
  readonly body: string;
  readonly subject?: string;
  /** The body has a text for each protocol: `default`, `email`, `sms`. */
  readonly perProtocol?: true;
  /** Strings, for filter policies; ten at most. */
  readonly attributes?: Readonly<Record<string, string>>;
}
