// What the handler loads at a cold start. It is injected into the bundle, where every file then imports it: so esbuild puts
// all of it into one chunk. Without it a cold start loads some twenty small chunks, and each costs half a millisecond.
import './dedup/deduplication.ts';
import './detector.ts';
import './environment.ts';
import './follow/follow-request.ts';
import './embedded-metrics.ts';
import './object-result.ts';
import './pipeline.ts';
import './run-batch.ts';
import './triggers/recognize-trigger.ts';
import './triggers/schedule-retries.ts';
