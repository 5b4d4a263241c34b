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
      say: 'The deployed functions follow this certificate from now on: each new client that uses it causes a critical alert. To find uses in objects that were read before the issuance, or within a minute after it, read these objects again. STACK is the name of the csrwatch stack; change the prefix if the objects have another one:',
      commands: [`npx csrwatch backfill --stack STACK --bucket ${origin.bucket}${prefix}`],
    },
  ];
}

/** Whether a shell reads it as one word. */
function isSafePath(path: string): boolean {
  return /^[A-Za-z0-9][\w.=:/-]*$/.test(path) && path.length <= 300;
}
