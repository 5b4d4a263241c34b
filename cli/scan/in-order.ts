/**
 * Runs jobs on a few threads. The results of a job are used when all earlier jobs are done, so the output is the same as
 * with one thread; a job that is too far ahead waits for its turn.
 * @param threads - each runs one job at a time
 * @param use - called in the order of the inputs
 */
export async function inOrder<T, I, R>(
  threads: readonly T[],
  inputs: AsyncIterator<I>,
  run: (thread: T, input: I, turn: Promise<void>) => Promise<R>,
  use: (input: I, result: R) => Promise<void>,
): Promise<void> {
  let turn = Promise.resolve();
  // one thread after another asks for the next input, so that the order of the turns is that of the inputs
  let asking = Promise.resolve();
  const next = () => {
    const asked = asking.then(async () => {
      const { done, value } = await inputs.next();
      if (done) return undefined;
      const before = turn;
      let finish = () => {};
      turn = new Promise<void>((resolve) => {
        finish = resolve;
      });
      return { input: value, before, finish };
    });
    asking = asked.then(() => {});
    return asked;
  };
  await Promise.all(
    threads.map(async (thread) => {
      for (let job = await next(); job; job = await next()) {
        const result = await run(thread, job.input, job.before);
        await job.before;
        await use(job.input, result);
        job.finish();
      }
    }),
  );
}
