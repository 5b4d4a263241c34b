import { enableCompileCache } from 'node:module';

// a hunt is many short runs: what was compiled once is kept, and loaded after this
enableCompileCache();
await import('./scan/main.ts');
