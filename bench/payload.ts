import { gunzipSync, gzipSync } from 'node:zlib';
import { scanLogData } from '../lambda/scan/scan-log-data.ts';
import { chunks } from './generate.ts';
import { median } from './median.ts';

/** Scanning a subscription payload without a candidate, and only decompressing it. Medians. */
export async function measurePayload(): Promise<{ scanMs: number; gunzipMs: number }> {
  const [chunk = Buffer.alloc(0)] = chunks(1);
  const logEvents = chunk
    .toString('utf8')
    .trim()
    .split('\n')
    .map((message, index) => ({ id: String(index), timestamp: 1, message }));
  const envelope = {
    messageType: 'DATA_MESSAGE',
    owner: '111122223333',
    logGroup: 'g',
    logStream: 's',
    logEvents,
  };
  const packed = gzipSync(JSON.stringify(envelope));
  const none = { logGroups: {}, buckets: {}, keyPatterns: {} };
  const scans: number[] = [];
  const gunzips: number[] = [];
  for (let index = 0; index < 300; index += 1) {
    gunzips.push(await ms(() => void gunzipSync(packed, { maxOutputLength: 2 ** 28 })));
    scans.push(
      await ms(() =>
        scanLogData(
          packed,
          { clusters: none, region: undefined },
          {
            literals: ['certificatesigningrequests'],
            onRecord: () => {},
          },
        ),
      ),
    );
  }
  return { scanMs: median(scans), gunzipMs: median(gunzips) };
}

async function ms(work: () => unknown): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}
