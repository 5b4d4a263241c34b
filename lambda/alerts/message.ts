/** One SNS message of a channel. */
export interface Message {
  readonly body: string;
  readonly subject?: string;
  /** The body has a text for each protocol: `default`, `email`, `sms`. */
  readonly perProtocol?: true;
  /** Strings, for filter policies; at most ten. */
  readonly attributes?: Readonly<Record<string, string>>;
}

/** SNS: fewer than 100 characters, ASCII. */
export const maxSubjectCharacters = 99;
