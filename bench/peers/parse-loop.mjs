// The obvious program: readline, JSON.parse, and the condition in code.
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';

let found = 0;
const input = createReadStream(process.argv[2] ?? '').pipe(createGunzip());
for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
  const event = JSON.parse(line);
  if (
    event.objectRef?.resource === 'certificatesigningrequests' &&
    ['create', 'update', 'patch'].includes(event.verb)
  )
    found += 1;
}
process.stdout.write(`${found}\n`);
