import type { Origin } from '../../lambda/audit/audit-record.ts';

/** Something to scan, as plain data: a worker thread can open it. */
export type InputRef =
  /** `-` is standard input. */
  | { readonly kind: 'file'; readonly path: string; readonly bytes?: number }
  | { readonly kind: 'object'; readonly bucket: string; readonly key: string; readonly bytes?: number }
  | { readonly kind: 'log-group'; readonly name: string };

/** What the user named and cannot be read: a fault of its own. */
export interface BadInput {
  readonly kind: 'bad';
  readonly path: string;
  readonly reason: string;
}

export function inputText(ref: InputRef | BadInput): string {
  switch (ref.kind) {
    case 'file':
    case 'bad':
      return ref.path;
    case 'object':
      return `s3://${ref.bucket}/${ref.key}`;
    case 'log-group':
      return ref.name;
  }
}

export function originOf(ref: InputRef | BadInput): Origin {
  switch (ref.kind) {
    case 'file':
    case 'bad':
      return { kind: 'file', path: ref.path };
    case 'object':
      return { kind: 'object', bucket: ref.bucket, key: ref.key };
    case 'log-group':
      return { kind: 'log-stream', logGroup: ref.name, logStream: '' };
  }
}
