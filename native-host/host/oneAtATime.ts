/**
 * A job that never runs twice at once: who asks while it runs shares the next run, which sees what led to the asking.
 * The returned function's promise ends as that run does.
 */
export function oneAtATime<T>(job: () => Promise<T>): () => Promise<T> {
  let running: Promise<unknown> | undefined;
  let next: Promise<T> | undefined;

  return () => {
    if (!running) return run();
    next ??= running.then(() => {
      next = undefined;
      return run();
    });
    return next;
  };

  function run(): Promise<T> {
    const current = job();
    const ended = current.then(
      () => undefined,
      () => undefined,
    );
    running = ended;
    void ended.then(() => {
      if (running === ended && !next) running = undefined;
    });
    return current;
  }
}
