import type { VirtualClock } from './clock.ts';

/** One look under way. `alive` until it has settled; `let go` is what must be ended then. */
export interface Look<T> { alive(): boolean; done(value: T): void; fail(why: string | Error): void; onEnd(act: () => void): void }

/** A look as a promise: it settles once, at the latest when the signal aborts, and then lets go of what it held. `late` gives an answer at the abort instead of a rejection. */
export function look<T>(clock: Pick<VirtualClock, 'stir'>, signal: AbortSignal, begin: (look: Look<T>) => void, late?: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    let open = true;
    let ends: (() => void)[] = [];
    const settle = (act: () => void) => {
      if (!open) return;
      open = false;
      clock.stir();
      signal.removeEventListener('abort', abort);
      for (const end of ends) end();
      ends = [];
      act();
    };
    const abort = () => settle(() => { if (late) resolve(late()); else reject(signal.reason as Error); });
    if (signal.aborted) { abort(); return; }
    signal.addEventListener('abort', abort, { once: true });
    begin({
      alive: () => open,
      done: (value) => settle(() => resolve(value)),
      fail: (why) => settle(() => reject(why instanceof Error ? why : new Error(why))),
      onEnd: (act) => { if (open) ends.push(act); else act(); },
    });
  });
}
