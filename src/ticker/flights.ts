import type { Clock } from '../clock.ts';

/** How long an aborted look may take to say so before it is given up: sockets close at once, so this is only reached by a look that is stuck. */
export const backstopMs = 500;

/** What a look is aborted with: the words of an abort without a reason, made once, for an exception made anew (and its stack) costs more than many a look. */
const ranOut = new DOMException('This operation was aborted', 'AbortError');

/** One look under way. `end` is called once, by whoever comes first. */
export interface Flight {
  readonly started: number;
  readonly timeout: AbortController;
  /** The look is over: `land` has been told what to say of it. */
  over: (() => void) | null;
  giveUp(): void;
}

/** Looks under way, oldest first, all with one timeout. */
export interface Flights {
  add(flight: Flight): void;
  /** What a look came to: passed on once every older one has been, so that order is kept. */
  land(flight: Flight, pass: () => void): void;
  /** Resolves when nothing is under way and nothing more will be added. */
  empty(): Promise<void>;
}

/**
 * Keeps the order of looks and their time limits. One sleep serves them all: with one timeout for all, the oldest is always the next to run out, so a look
 * that ends in time costs no timer of its own. No bound is set on how many fly at once but time: `timeoutMs + backstopMs` after its start each has landed.
 */
export function makeFlights(clock: Clock, timeoutMs: number): Flights {
  const queue: Flight[] = [];
  const done = new AbortController();
  let head = 0;
  let watching = false;
  let told: (() => void) | null = null;

  function drain(): void {
    for (let flight = queue[head]; flight?.over; flight = queue[head]) {
      head += 1;
      flight.over();
    }
    if (head > 1024) queue.splice(0, head), head = 0;
    if (head === queue.length && told) { done.abort(); told(); }
  }

  async function watch(): Promise<void> {
    watching = true;
    for (;;) {
      const { stuck, waitMs } = abortLate(queue, head, clock.now(), timeoutMs);
      for (const flight of stuck) flight.giveUp();
      if (waitMs === null) break;
      try { await clock.sleep(waitMs, done.signal); } catch { break; }
    }
    watching = false;
  }

  return {
    add(flight) {
      queue.push(flight);
      if (!watching) void watch();
    },
    land(flight, pass) {
      flight.over ??= pass;
      drain();
    },
    empty: () => new Promise((resolve) => { told = resolve; drain(); }),
  };
}

/** Aborts what has run out since the oldest; which of it is stuck beyond its grace, and ms until there is more to do, or null with nothing under way. */
function abortLate(queue: readonly Flight[], head: number, now: number, timeoutMs: number): { readonly stuck: readonly Flight[]; readonly waitMs: number | null } {
  const stuck: Flight[] = [];
  let next = Number.POSITIVE_INFINITY;
  for (let index = head; index < queue.length; index += 1) {
    const flight = queue[index]!;
    if (flight.over) continue;
    const deadline = flight.started + timeoutMs;
    if (deadline > now && !flight.timeout.signal.aborted) {
      next = Math.min(next, deadline);
      break;
    }
    if (!flight.timeout.signal.aborted) flight.timeout.abort(ranOut);
    if (deadline + backstopMs > now) next = Math.min(next, deadline + backstopMs);
    else stuck.push(flight);
  }
  // A look that starts while this sleeps may run out before an older one's grace does, but not before this.
  return { stuck, waitMs: next === Number.POSITIVE_INFINITY ? null : Math.min(next - now, timeoutMs) };
}
