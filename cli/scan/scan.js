import { enableCompileCache } from 'node:module';

// Threat hunting is many short runs. Caching the compiled code on disk saves 110 of 370 ms of a run over a small log. Only
// what is loaded after this line is cached, so this file is JavaScript: as TypeScript it would load the type stripper, for
// 40 ms, in every run.
enableCompileCache();
await import('./scan-command.ts');
