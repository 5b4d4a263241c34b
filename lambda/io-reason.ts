const words: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EISDIR: 'it is a folder: name the files in it',
  EACCES: 'it may not be read (permission denied)',
};

/** Why something couldn't be read, for whoever named it; an error that has no such code speaks for itself. */
export function ioReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return ('code' in error && words[String(error.code)]) || error.message;
}
