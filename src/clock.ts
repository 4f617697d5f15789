/** A source of time in ms: monotonic, zero at the start of the run, real or virtual. */
export interface Clock {
  /** Milliseconds since the start of the run, with fractions; never goes back. */
  now(): number;
  /** Resolves at `now() + ms`; rejects with the signal's reason when aborted before. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** Monotonic ms of this kernel: one clock for all processes, network namespaces and containers of a host. */
export function hostMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

/** Real time counted from `originMs` (a `hostMs()` reading), so that agents and harness share one zero. */
export function realClock(originMs: number = hostMs()): Clock & { readonly originMs: number } {
  return { originMs, now: () => hostMs() - originMs, sleep: realSleep };
}

function realSleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) { reject(signal.reason as Error); return; }
    const stop = () => { clearTimeout(timer); reject(signal?.reason as Error); };
    const timer = setTimeout(() => { signal?.removeEventListener('abort', stop); resolve(); }, Math.max(0, ms));
    signal?.addEventListener('abort', stop, { once: true });
  });
}
