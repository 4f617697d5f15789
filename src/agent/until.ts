/**
 * One step of a look that an abort ends at once: rejects with `still` (what the look was still doing). `begin` starts it and returns what clears up after it,
 * which runs once, whichever way the step ends.
 */
export function until<T>(signal: AbortSignal, still: string, begin: (done: (value: T) => void, fail: (error: Error) => void) => () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) { reject(new Error(still)); return; }
    let over = false;
    let clear = (): void => {};
    const end = (settle: () => void): void => {
      if (over) return;
      over = true;
      signal.removeEventListener('abort', stop);
      clear();
      settle();
    };
    const stop = (): void => end(() => reject(new Error(still)));
    signal.addEventListener('abort', stop, { once: true });
    clear = begin((value) => end(() => resolve(value)), (error) => end(() => reject(error)));
    if (over) clear();
  });
}

/** What went wrong in which step, without numbers or addresses, so that equal troubles read equal: `connect: ECONNREFUSED`. */
export function troubleIn(step: string, error: unknown): Error {
  const { code, message } = error as { code?: unknown; message?: unknown };
  return new Error(`${step}: ${String(code ?? message ?? error)}`, { cause: error });
}
