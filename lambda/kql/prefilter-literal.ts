/**
 * A string in the text of a record. It consists of characters that no JSON writer escapes, so it survives JSON inside
 * JSON; only a writer that escapes letters hides it.
 */
export interface PrefilterLiteral {
  readonly text: string;
  /** It is always between quotes, slashes, backslashes or spaces: a search for whole words finds it. */
  readonly isWholeWord: boolean;
  readonly ignoreCase: boolean;
}

/**
 * The text of every record that a query can match contains at least one of these. `null`: there are none, every record
 * is a candidate. `[]`: nothing can match.
 */
export type Literals = readonly PrefilterLiteral[] | null;
