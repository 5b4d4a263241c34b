import { measureKql } from './kql.ts';

const [one, thirty] = measureKql();
if (!one || !thirty) throw new Error('two sets of rules are measured');
const millions = (perSecond: number) => `${(perSecond / 1e6).toFixed(2)} million events/s`;
process.stdout.write(`rules, on parsed events
  one:    ${millions(one.eventsPerSecond)}, compiled in ${one.compileMs.toFixed(1)} ms
  thirty: ${millions(thirty.eventsPerSecond)} (${(one.eventsPerSecond / thirty.eventsPerSecond).toFixed(1)} times the cost of one), compiled in ${thirty.compileMs.toFixed(1)} ms
`);
