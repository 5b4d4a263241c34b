import { Readable } from 'node:stream';

/** When an invocation must stop reading, so that time is left to publish and to answer. */
export interface Deadline {
  /** Since the epoch. */
  readonly atMs: number;
  /** Since the epoch. */
  readonly now: () => number;
}

/** The deadline has passed; a retry has a whole invocation's time again. */
export class OutOfTimeError extends Error {
  override readonly name = 'OutOfTimeError';
  constructor() {
    super('the invocation ran out of time before the input was read to its end');
  }
}

/** In whole milliseconds, as timers take them. */
export function remainingMs({ atMs, now }: Deadline): number {
  return Math.max(0, Math.floor(atMs - now()));
}

/** @throws {OutOfTimeError} */
export function checkDeadline(deadline: Deadline): void {
  if (remainingMs(deadline) === 0) throw new OutOfTimeError();
}

/** How often `onTick` is called. */
const tickMs = 1_000;

/**
 * Passes chunks on until the deadline and then rejects with an OutOfTimeError, even if no chunk arrives any more.
 * @param onTick - called and awaited about every second, between two chunks or while none arrives
 */
export async function* untilDeadline(
  chunks: AsyncIterable<Uint8Array>,
  deadline: Deadline,
  onTick: () => Promise<void>,
): AsyncGenerator<Uint8Array> {
  const iterator = chunks[Symbol.asyncIterator]();
  let nextTickMs = deadline.now() + tickMs;
  const tickIfDue = async () => {
    if (deadline.now() < nextTickMs) return;
    await onTick();
    nextTickMs = deadline.now() + tickMs;
  };
  try {
    for (;;) {
      const next = iterator.next();
      // after the deadline no one awaits it; until then the race below reports its rejection
      next.catch(() => {});
      let result = await settledWithin(next, pauseMs(deadline));
      while (result === undefined) {
        checkDeadline(deadline);
        await tickIfDue();
        result = await settledWithin(next, pauseMs(deadline));
      }
      if (result.done) return;
      checkDeadline(deadline);
      await tickIfDue();
      yield result.value;
    }
  } finally {
    // a generator's return() would wait for the chunk that does not arrive
    if (chunks instanceof Readable) chunks.destroy();
  }
}

/** Resolves with `undefined` if the promise has not settled in time. */
export async function settledWithin<T>(promise: Promise<T>, timeoutMs: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, timeoutMs, undefined);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

function pauseMs(deadline: Deadline): number {
  return Math.min(tickMs, remainingMs(deadline));
}
