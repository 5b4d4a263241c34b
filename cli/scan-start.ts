// What a plain scan of a file runs. It is injected into the bundle, where every file then imports it: so esbuild puts all of
// it into one chunk. Without it a scan begins with some forty small chunks, and each costs half a millisecond to load.
import './report/people-reporter.ts';
import './report/text-sink.ts';
import './scan/scan-command.ts';
