#!/usr/bin/env node
import { existsSync } from 'node:fs';
import module from 'node:module';

// JavaScript, so that Node of any version states what is missing, and so that everything after it is compiled once: threat
// hunting is many short runs, and the cache on disk saves 110 of 370 ms of a run over a small log.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 15)) {
  process.stderr.write(`csrwatch needs Node 22.15 or later; this is Node ${process.versions.node}.\n`);
  process.exit(2);
}
module.enableCompileCache();
const checkout = new URL('./csrwatch-command.ts', import.meta.url);
const installed = new URL('../dist/cli/csrwatch-command.js', import.meta.url);
const { csrwatch } = await import((existsSync(checkout) ? checkout : installed).href);
process.exitCode = await csrwatch(process.argv.slice(2));
