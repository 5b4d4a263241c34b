/**
 * Words that every audit log contains, in any of its formats: as Kubernetes, AKS and GKE write them. JSON inside a JSON
 * string changes nothing about them.
 */
const marks = ['auditID', 'audit.k8s.io', ' AUDIT: id=', 'AuditId', 'io.k8s.'].map((mark) =>
  Buffer.from(mark),
);
const longest = Math.max(...marks.map(({ length }) => length));

/** Looks for these words in the bytes of an input, of which most are skipped: in an audit log it ends at the first event. */
export class AuditMarks {
  found = false;
  /** The end of the bytes before: a word may begin there. */
  private tail: Buffer = Buffer.alloc(0);

  search(chunk: Buffer): void {
    if (this.found) return;
    const border = Buffer.concat([this.tail, chunk.subarray(0, longest)]);
    this.found = marks.some((mark) => chunk.includes(mark) || border.includes(mark));
    this.tail = Buffer.from(chunk.length < longest ? border.subarray(-longest) : chunk.subarray(-longest));
  }
}
