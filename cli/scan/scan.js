import { enableCompileCache } from 'node:module';

// A hunt is many short runs: what was compiled and stripped of its types is kept on disk, which takes 110 of 370 ms off a
// run over a small log. What is loaded before this line is not kept, so this file has no types to strip: as TypeScript
// it would load the stripper, for 40 ms, in every run.
enableCompileCache();
await import('./scan-command.ts');
