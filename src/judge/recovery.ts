import type { Moment } from './bounds.ts';
import { samplesOf, type History, type Sample, type Watched } from '../history.ts';
import { blindOf, breakEnds, clientProbes, holeMs, telling } from './looks.ts';

/** The reference client served again, as a moment: low = its last bad look began, at = the first good look of the run that lasted began, high = that look ended. `probe`: the one that was last. */
export interface Recovery extends Moment { readonly probe: string }

/** How the reference client fared after `since`, up to the heal. Times in ms; `bad`: bad looks by probe. */
export interface Course {
  readonly firstBad: Sample | null;
  readonly lastBad: Sample | null;
  readonly recovery: Recovery | null;
  /** The first bad look after the recovery, if there was one before the heal. */
  readonly relapse: Sample | null;
  readonly bad: Readonly<Record<string, number>>;
}

interface Lane { readonly probe: Watched; back: Sample | null; wasBad: boolean; last: Sample | null; bad: number }

/** Follows all probes of the reference client at once: it is served while every one of them is. Looks are taken in the order in which they began. `isGood`: which of them count as served. */
export function followClient(history: History, since: number, isGood: (look: Sample) => boolean = ({ ok }) => ok): Course {
  const until = breakEnds(history);
  const lanes = new Map(clientProbes(history).map((probe): [string, Lane] => [probe.name, { probe, back: null, wasBad: false, last: null, bad: 0 }]));
  let firstBad: Sample | null = null;
  let lastBad: Sample | null = null;
  let recovery: Recovery | null = null;
  let relapse: Sample | null = null;
  for (const look of looksOf(history, since, until, lanes)) {
    const lane = lanes.get(look.probe) as Lane;
    const good = isGood(look);
    note(lane, look, good);
    if (!good) {
      firstBad ??= look;
      if (recovery === null) lastBad = look;
      else relapse ??= look;
    } else if (lastBad && recovery === null) {
      recovery = settle([...lanes.values()], history.run.stableMs, until, lastBad);
    }
  }
  return { firstBad, lastBad, recovery, relapse, bad: Object.fromEntries([...lanes].map(([name, lane]) => [name, lane.bad])) };
}

function looksOf(history: History, since: number, until: number, lanes: ReadonlyMap<string, Lane>): Sample[] {
  const looks = [...lanes.values()].flatMap(({ probe }) => telling(samplesOf(history, probe.says, probe.name) as Sample[], until, blindOf(history, probe)));
  return looks.filter((look) => look.ended > since).sort((a, b) => a.started - b.started);
}

function note(lane: Lane, look: Sample, good: boolean): void {
  const hole = lane.last !== null && look.started - lane.last.started > holeMs(lane.probe.everyMs);
  if (!good) { lane.back = null; lane.wasBad = true; lane.bad += 1; }
  // Good before and after a time in which nobody looked is not known to be good throughout: the run starts anew.
  else if (hole || (lane.wasBad && lane.back === null)) lane.back = look;
  lane.last = look;
}

function settle(lanes: readonly Lane[], stableMs: number, until: number, lastBad: Sample): Recovery | null {
  if (lanes.some((lane) => lane.last === null || (lane.wasBad && lane.back === null))) return null;
  const backs = lanes.flatMap((lane) => lane.back ?? []);
  const latest = backs.reduce<Sample | null>((late, back) => (late === null || back.started > late.started ? back : late), null);
  if (latest === null || latest.started + stableMs > until) return null;
  const seenThrough = lanes.every((lane) => (lane.last?.started ?? 0) >= latest.started + stableMs - lane.probe.everyMs);
  return seenThrough ? { at: latest.started, low: Math.min(lastBad.started, latest.started), high: Math.max(...backs.map((back) => back.ended)), probe: latest.probe } : null;
}
