import type { Clock } from '../../clock.ts';
import { makeTimers, type Timer, type Timers } from './timers.ts';

/** Called to take a timer back; calling it late or twice does nothing. */
export type CallOff = () => void;

/**
 * Time that jumps to the next timer as soon as everything that follows from the last one has been done. It passes only while somebody waits for
 * it in the foreground (a harness that sleeps or looks), so that what a harness does in real time, such as writing a file, takes none of it.
 */
export interface VirtualClock {
  readonly now: () => number;
  /** Calls `act` in `ms`; timers of one moment act in the order they were set. */
  after(ms: number, act: () => void): CallOff;
  /** The clock of those inside the world: their sleeping does not make time pass. */
  readonly inside: Clock;
  /** The clock of those who drive the world. */
  readonly outside: Clock;
  /** Must be said by whoever settles a promise in an act: what waits for it comes before the next timer. */
  stir(): void;
  /** Lets time pass until `work` settles. */
  awaited<T>(work: Promise<T>): Promise<T>;
  /** Nothing acts any more. */
  stop(): void;
}

// How many timers may act before the event loop gets a turn for signals, streams and real timers.
const actsPerTurn = 256;

interface Wheel { now: number; order: number; waiting: number; acts: number; running: boolean; stopped: boolean; disturbed: boolean; stirred: boolean }

/** A virtual clock at 0. */
export function makeVirtualClock(): VirtualClock {
  const timers = makeTimers();
  const wheel: Wheel = { now: 0, order: 0, waiting: 0, acts: 0, running: false, stopped: false, disturbed: false, stirred: false };
  const run = turner(wheel, timers);
  const after = (ms: number, act: () => void): CallOff => {
    const timer: Timer = { at: wheel.now + Math.max(0, ms), order: ++wheel.order, act };
    timers.add(timer);
    run();
    return () => { timer.act = null; };
  };
  const awaited = async <T>(work: Promise<T>): Promise<T> => {
    wheel.waiting += 1;
    run();
    try { return await work; } finally { wheel.waiting -= 1; wheel.disturbed = true; }
  };
  const now = () => wheel.now;
  const stir = () => { wheel.stirred = true; };
  const sleep = (ms: number, signal?: AbortSignal) => (wheel.stopped ? Promise.reject(new Error('the simulated world is closed')) : sleepBy(after, stir, ms, signal));
  return {
    now, after, awaited, stir,
    inside: { now, sleep },
    outside: { now, sleep: (ms, signal) => awaited(sleep(ms, signal)) },
    stop: () => { wheel.stopped = true; },
  };
}

/** What keeps the wheel turning: called whenever there may be something to turn it for. */
function turner(wheel: Wheel, timers: Timers): () => void {
  const turn = () => {
    wheel.running = false;
    if (wheel.stopped || wheel.waiting === 0) return;
    if (wheel.disturbed && diskIsBusy()) { wheel.running = true; setImmediate(turn); return; }
    wheel.disturbed = false;
    wheel.stirred = false;
    wheel.running = true;
    // As long as nobody's promise was settled, nothing can follow but from the next timer.
    do {
      const next = timers.take();
      if (!next) break;
      wheel.now = next.at;
      const act = next.act as () => void;
      next.act = null;
      wheel.acts += 1;
      act();
    } while (!wheel.stirred && wheel.acts % actsPerTurn !== 0);
    wheel.running = false;
    run();
  };
  const later = () => process.nextTick(turn);
  const run = () => {
    if (wheel.running || wheel.stopped || wheel.waiting === 0 || !timers.first()) return;
    wheel.running = true;
    // A tick asked for by a microtask comes after all microtasks there are: the world has settled, without a turn of the event loop.
    if (wheel.disturbed || wheel.acts % actsPerTurn === 0) setImmediate(turn); else queueMicrotask(later);
  };
  return run;
}

function sleepBy(after: VirtualClock['after'], stir: () => void, ms: number, signal?: AbortSignal): Promise<void> {
  if (!signal) return new Promise((resolve) => { after(ms, () => { stir(); resolve(); }); });
  return new Promise((resolve, reject) => {
    if (signal.aborted) { reject(signal.reason as Error); return; }
    const stop = () => { callOff(); reject(signal.reason as Error); };
    const callOff = after(ms, () => { stir(); signal.removeEventListener('abort', stop); resolve(); });
    signal.addEventListener('abort', stop, { once: true });
  });
}

// A driver that has just been woken may have begun to write a file; were time to pass meanwhile, the run would depend on the disk.
function diskIsBusy(): boolean {
  return process.getActiveResourcesInfo().some((resource) => resource.startsWith('FSReq') || resource === 'CloseReq');
}
