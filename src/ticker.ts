import type { Clock } from './clock.ts';
import { makeFlights, type Flight, type Flights } from './ticker/flights.ts';
import type { Sample } from './history.ts';
import { makePace, type Pace } from './ticker/pace.ts';
import type { Look } from './probe.ts';
import type { Kind } from './seen.ts';
import type { Place } from './topology.ts';

/**
 * A look that begins at most this late is late, not missed, however fine the schedule: its sample says when it began, and bounds are made of that. k6's
 * constant-arrival-rate does the same without a limit; with one, what a long stall held up is not asked all at once.
 */
const lateMs = 100;

/** What a ticker must know of a probe. `phaseMs`: how long after the call the first look is due; 0 unless given. */
export interface Schedule<K extends Kind = Kind> { readonly name: string; readonly place: Place; readonly everyMs: number; readonly timeoutMs: number; readonly phaseMs?: number; readonly says: K }

/**
 * Starts a look every `everyMs` on a schedule fixed at the first call, whatever became of the earlier ones, until `signal` aborts; resolves once every look
 * under way has landed. Each look ends by its own limit on the same clock. A tick that could not start within one interval of its time, or 100 ms where
 * that is more, is missed: counted in `pace`, never made up for. Samples reach `sink` in the order of their start, with `seq` counting the looks that were started.
 */
export async function tick<K extends Kind>(
  clock: Clock, schedule: Schedule<K>, look: Look<K>, sink: (sample: Sample<K>) => void, signal: AbortSignal, pace: Pace = makePace(),
): Promise<void> {
  const flights = makeFlights(clock, schedule.timeoutMs);
  const origin = clock.now() + (schedule.phaseMs ?? 0);
  const patience = Math.max(schedule.everyMs, lateMs);
  let seq = 0;
  for (let turn = 0; !signal.aborted; turn += 1) {
    const due = origin + turn * schedule.everyMs;
    const wait = due - clock.now();
    // A real timer may come a fraction of a millisecond early: starting then, and saying so, is nearer to the schedule than another timer.
    if (wait >= 1 || (wait > 0 && schedule.everyMs < 1)) {
      try { await clock.sleep(wait, signal); } catch { break; }
    }
    const started = clock.now();
    const behind = started - due;
    if (behind > patience) {
      const skipped = Math.ceil((behind - patience) / schedule.everyMs);
      pace.missed(skipped);
      turn += skipped - 1;
      continue;
    }
    pace.started(behind);
    void launch({ clock, schedule, look, sink, flights }, seq, due, started);
    seq += 1;
  }
  await flights.empty();
}

interface Launch<K extends Kind> { readonly clock: Clock; readonly schedule: Schedule<K>; readonly look: Look<K>; readonly sink: (sample: Sample<K>) => void; readonly flights: Flights }

function launch<K extends Kind>({ clock, schedule, look, sink, flights }: Launch<K>, seq: number, scheduled: number, started: number): Promise<void> {
  const timeout = new AbortController();
  const land = (ok: boolean, error: string | null, data: Sample<K>['data']) => {
    const ended = clock.now();
    const late = timeout.signal.aborted;
    flights.land(flight, () => sink({
      kind: 'sample', at: started, says: schedule.says, probe: schedule.name, place: schedule.place, seq, scheduled, started, ended,
      ok: ok && !late, error: late ? sayLate(error) : error, data,
    }));
  };
  const flight: Flight = { started, timeout, over: null, giveUp: () => land(false, 'the look did not end', null) };
  flights.add(flight);
  try {
    return look(seq, timeout.signal).then(
      (seen) => land(seen.ok, seen.error ?? null, seen.data),
      (error: unknown) => land(false, sayError(error), null),
    );
  } catch (error) {
    land(false, sayError(error), null);
    return Promise.resolve();
  }
}

function sayLate(error: string | null): string {
  return error === null ? 'timed out' : `timed out: ${error}`;
}

function sayError(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error);
}
