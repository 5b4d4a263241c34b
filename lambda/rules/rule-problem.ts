/** An error or a warning about a rule file, or about an exception. */
export interface RuleProblem {
  /** The file's name, or where else the rule comes from. */
  readonly file: string;
  /** Where the file is. Absent for a rule that was not read from a file here, as in the function. */
  readonly path?: string;
  /** The name of the exception whose condition it is. */
  readonly exception?: string;
  readonly message: string;
  /** From 1: in the condition if there is an excerpt, else in the file. */
  readonly line?: number;
  readonly column?: number;
  /** The line of the condition, with a caret under the place. */
  readonly excerpt?: string;
}

/** As a compiler prints a problem: the place, the message, and the line of the condition with a caret. */
export function printProblem({ file, exception, message, line, column, excerpt }: RuleProblem): string {
  const where = exception === undefined ? file : `${file}, exception ${exception}`;
  if (line === undefined || column === undefined) return `${where}: ${message}`;
  if (excerpt === undefined) return `${where}:${line}:${column}: ${message}`;
  return `${where}: query line ${line}, column ${column}: ${message}\n${excerpt.replace(/^/gm, '    ')}`;
}

export function printWarning(problem: RuleProblem): string {
  return `warning: ${printProblem(problem)}`;
}
