/** How well a place kept its own schedule, since it was last asked. */
export interface Pace {
  /** A look was started `lateMs` from its time (early counts as late). */
  started(lateMs: number): void;
  /** So many ticks never started. */
  missed(count: number): void;
  /** What was counted since the last call, in ms, and begins anew. */
  take(): { readonly missed: number; readonly ticks: number; readonly jitterP99: number; readonly jitterMax: number };
}

/** A pace with nothing counted yet. P99 is the nearest rank, so with few ticks it is the worst of them. */
export function makePace(): Pace {
  let late: number[] = [];
  let missed = 0;
  return {
    started: (lateMs) => { late.push(Math.abs(lateMs)); },
    missed: (count) => { missed += count; },
    take() {
      const sorted = Float64Array.from(late).sort();
      const taken = { missed, ticks: late.length, jitterP99: sorted[Math.ceil(sorted.length * 0.99) - 1] ?? 0, jitterMax: sorted.at(-1) ?? 0 };
      late = [];
      missed = 0;
      return taken;
    },
  };
}
