import type { Clock } from '../../clock.ts';

/** Readings that are kept: the clock's rate over so many seconds is part of the doubt. */
const kept = 10;
/** A wall clock that is slewed moves by 0.5 ms a second; what moves by more than this (ms) between two readings was set. */
const setMs = 20;

interface Reading { readonly offset: number; readonly errorMs: number; readonly at: number }

/** The wall clock of this machine beside the run's own, which is monotonic. */
export interface Wall {
  /** Reads both again. False once the wall clock was set: nothing that it stamped since the last reading can be placed. */
  read(): boolean;
  /** A wall time (ms) on the run's clock. */
  place(wallMs: number): number;
  /** How far off that may be (ms). */
  errorMs(): number;
  /** When both were last read while they agreed (run's ms). */
  readAt(): number;
}

/** Both clocks read once. `wallNow` has whole milliseconds: it is the moment at which it turns that is read, within microseconds unless this process is held up. */
export function openWall(clock: Pick<Clock, 'now'>, wallNow: () => number = Date.now): Wall {
  const first = readBoth(clock, wallNow);
  let readings: readonly Reading[] = [first];
  let last = first;
  return {
    read() {
      const next = readBoth(clock, wallNow);
      if (Math.abs(next.offset - last.offset) > setMs + next.errorMs + last.errorMs) return false;
      last = next;
      readings = [...readings, next].slice(-kept);
      return true;
    },
    place: (wallMs) => wallMs - last.offset,
    errorMs: () => {
      const offsets = readings.map(({ offset }) => offset);
      return Math.max(...readings.map(({ errorMs }) => errorMs)) + Math.max(...offsets) - Math.min(...offsets);
    },
    readAt: () => last.at,
  };
}

function readBoth(clock: Pick<Clock, 'now'>, wallNow: () => number): Reading {
  let before = { from: clock.now(), wall: wallNow() };
  let best: Reading | null = null;
  // Whoever is held up between two looks at the clock knows the turn less well: a few tries find one that was not.
  for (let turns = 0; turns < 3;) {
    const now = { from: clock.now(), wall: wallNow() };
    const at = clock.now();
    if (now.wall !== before.wall) {
      const reading = { offset: now.wall - (before.from + at) / 2, errorMs: (at - before.from) / 2, at };
      if (best === null || reading.errorMs < best.errorMs) best = reading;
      if (best.errorMs < 0.05) break;
      turns += 1;
    }
    before = now;
  }
  return best as Reading;
}
