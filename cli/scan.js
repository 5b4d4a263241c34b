import { enableCompileCache } from 'node:module';

// a hunt is many short runs: what was compiled once is kept, and loaded after this. This file is plain JavaScript, since
// the types of a first file are stripped before there is a cache, and what strips them takes longer to load than the rest
enableCompileCache();
await import('./scan/main.ts');
