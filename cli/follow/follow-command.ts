import { LambdaClient } from '@aws-sdk/client-lambda';
import { shown } from '../report/shown-text.ts';
import { runCommand } from '../stack/stack-command.ts';
import { output, readOutputs } from '../stack/stack-outputs.ts';
import { followCall } from './follow-options.ts';
import { followText } from './follow-text.ts';
import { askWatchList, type WatchListAnswer } from './watch-list-function.ts';

const usage = `Usage: csrwatch follow list --stack NAME
       csrwatch follow add|remove SHA256 --stack NAME --reason TEXT [options]

Lists and changes the watch list of a stack: the client certificates whose use raises an alert.
The stack adds the certificates that it sees being issued. SHA256 is the fingerprint of a
certificate, as an alert, a scan or openssl x509 -fingerprint -sha256 prints it.

  list             print the certificates that are followed
  add              follow a certificate that the stack did not see being issued
  remove           stop following a certificate; its issuance does not add it again

  --stack NAME     the stack, in the account and region of your credentials
  --reason TEXT    the reason, which the list keeps
  --cluster NAME   with add, for the alerts: the cluster of the certificate
  --subject TEXT   with add, for the alerts: its subject, such as CN=bob,O=dev
  --until TIME     with add: when it expires, a date or a time (default: in a year)
  --format FORMAT  text (default) or json

Exit status: 0 done, 1 the function failed, or a certificate to remove is not on the list, 2 a
usage error, no such stack, or no permission.

Examples:
  npx csrwatch follow list --stack csrwatch
  npx csrwatch follow add SHA256 --stack csrwatch --reason 'found by a scan' --cluster prod
`;

const none = 'it follows no certificates: it reads no bucket, and no log group has followCertificates';

export function run(args: readonly string[]): Promise<number> {
  return runCommand('follow', async () => {
    const call = followCall(args, Date.now());
    if (call === 'help') {
      process.stdout.write(usage);
      return 0;
    }
    const functionName = output(await readOutputs(call.stack), 'WatchListFunction', none);
    const answer = await askWatchList(new LambdaClient({}), functionName, call.request);
    if (call.format === 'json') process.stdout.write(`${JSON.stringify(answer.json)}\n`);
    else if (answer.kind === 'failed') process.stderr.write(`follow: ${shown(answer.reason)}\n`);
    else process.stdout.write(`${followText(answer).join('\n')}\n`);
    return isDone(answer) ? 0 : 1;
  });
}

/** A fingerprint that is not on the list probably has a mistake. */
function isDone(answer: WatchListAnswer): boolean {
  switch (answer.kind) {
    case 'list':
    case 'added':
      return true;
    case 'removed':
      return answer.wasThere;
    case 'failed':
      return false;
  }
}
