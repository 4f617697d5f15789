import type { Told } from './points.ts';

/** More drops than these are not told apart by when they were: what is as old as that was started or dropped long ago. */
const mostDrops = 10_000;

/** The schedule as k6 keeps it: a tick each `everyMs` from its start, each of which starts an iteration or is dropped. */
export interface Grid {
  dropped(at: number): void;
  /** When the iteration of a request was due (run's ms, up to 1 ms early: k6 tells its start in whole ms). `first`: nothing was told of this iteration before. */
  dueOf(told: Pick<Told, 'tick' | 'beganAt' | 'iterationAt'>): { readonly due: number; readonly first: boolean };
}

/**
 * k6 numbers the iterations that it started, so those that it dropped before are to be counted in: they are told before what came after them. Its timer is
 * monotonic, so the start is placed once (`place`: a wall time on the run's clock), and the rest follows from it.
 */
export function makeGrid(everyMs: number, place: (wallMs: number) => number): Grid {
  const drops: number[] = [];
  const known = new Set<number>();
  let forgotten = 0;
  let origin: number | null = null;
  return {
    dropped(at) {
      drops.push(at);
      if (drops.length > mostDrops) forgotten += drops.splice(0, mostDrops / 2).length;
    },
    dueOf({ tick, beganAt, iterationAt }) {
      const first = !known.has(tick);
      known.add(tick);
      if (known.size > mostDrops) known.delete(known.values().next().value as number);
      // Both stamps are of k6's clock, and the iteration's has whole ms only.
      const before = forgotten + drops.findLastIndex((at) => at < iterationAt + 1) + 1;
      origin ??= place(beganAt);
      return { due: origin + (tick + before) * everyMs, first };
    },
  };
}
