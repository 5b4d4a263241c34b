import type { Finding } from '../findings/finding.ts';
import { certificateToFollow } from '../follow/followed-certificate.ts';
import type { Step } from './step.ts';

/** What following an issued certificate does not find by itself; nothing if the certificate or its bucket is not followed. */
export function backfillSteps(finding: Finding): Step[] {
  const { origin } = finding.place;
  if (origin.kind !== 'object' || certificateToFollow(finding) === undefined) return [];
  const folder = origin.key.slice(0, origin.key.lastIndexOf('/') + 1);
  const prefix = isSafePath(folder) ? ` --prefix ${folder}` : '';
  return [
    {
      say: 'The deployed function follows this certificate from now on: its use is a critical alert. To find its use in objects that were read before, or in the minute after, read them again. STACK is the stack of csrwatch; change the prefix if these objects have another:',
      commands: [`npx csrwatch backfill --stack STACK --bucket ${origin.bucket}${prefix}`],
    },
  ];
}

/** Whether a shell reads it as one word. */
function isSafePath(path: string): boolean {
  return /^[A-Za-z0-9][\w.=:/-]*$/.test(path) && path.length <= 300;
}
