/** Scans `head`, then `part` up to so many bytes, then `tail`, and prints the largest resident set in MB. */
import { namedCluster } from '../../lambda/scan/cluster-name.ts';
import { scan } from '../../lambda/scan/scan-input.ts';

const [head = '', part = '', tail = '', megabytes = '64'] = process.argv.slice(2);
const block = part.repeat(65_536 / part.length);

await scan(
  {
    origin: { kind: 'file', path: 'audit.log' },
    cluster: namedCluster(null),
    async *open() {
      yield Buffer.from(head);
      for (let bytes = 0; bytes < Number(megabytes) * 2 ** 20; bytes += block.length)
        yield Buffer.from(block);
      yield Buffer.from(tail);
    },
  },
  { literals: ['certificatesigningrequests'], onRecord: () => undefined },
);
process.stdout.write(`${process.resourceUsage().maxRSS / 1_024}`);
