import { stableMs, type Failover, type Moment, type Seen } from './drawn.ts';

/**
 * What a measure is due to say of a planted failover, in ms. `truth` null: it was not observed, and must not be told. `cutOff`: it lasted beyond the heal, the truth is what was
 * observed of it, and no upper bound may be given; `widthMs`, `offMs`: how wide its bounds and how far off its point may be at most (where it was cut off: how far below the truth its least).
 */
export interface Due { readonly truth: number | null; readonly cutOff?: true; readonly widthMs: number; readonly offMs: number }

/** The end of a stage, or what a client waits for before it is served: name and database, as far as they were seen. */
type End = Moment | 'allowed' | 'ready';

const ends: Readonly<Record<string, readonly [End, End]>> = {
  'failover.detect.dns': ['zero', 'unhealthy'], 'failover.detect.db': ['zero', 'declared dead'], 'failover.promote': ['zero', 'first write'],
  'stage.detect.dns': ['zero', 'unhealthy'], 'stage.publish.dns': ['unhealthy', 'published service'], 'stage.resolve': ['published service', 'let go'],
  'stage.detect.db': ['zero', 'declared dead'], 'stage.person': ['asked', 'approved'], 'stage.lease': ['lease awaited', 'lease over'], 'stage.decide': ['allowed', 'stopped'],
  'stage.drain': ['stopped', 'drained'], 'stage.promote': ['drained', 'promoted'], 'stage.runbook': ['runbook began', 'promoted'],
  'stage.publish.db': ['promoted', 'published database'], 'stage.fence': ['declared dead', 'fenced'],
  'stage.mesh.eject': ['zero', 'ejected'], 'stage.mesh.shift': ['ejected', 'sent elsewhere'], 'stage.adopt': ['ready', 'recovered'],
};

const unknown: Due = { truth: null, widthMs: 0, offMs: 0 };

/** What is due of every measure of `failover-time`, by name. */
export function dueOf(failover: Failover): Readonly<Record<string, Due>> {
  const stages = Object.entries(ends).map(([name, [from, to]]): [string, Due] => [name, between(find(failover, from), find(failover, to), to)]);
  return { ...Object.fromEntries(stages), 'failover.rto': toClient(failover, 'recovered'), 'failover.paced': toClient(failover, 'paced'), 'failover.outage.longest': longest(failover) };
}

interface Found extends Seen { readonly at: number }

/**
 * The widths and errors of the two ends add up: a mark with an error of e is told at most e beside the truth, and bounded by 2 e; time zero lies in its span; what looks show
 * changed between two of them, which begin an interval apart, and is told when the first or the second began.
 */
function between(from: Found | null, to: Found | null, name: End): Due {
  if (!from || !to) return unknown;
  // What was over before it could begin is no stage; a name or a client did not have to wait for it.
  if (to.at < from.at && name !== 'let go' && name !== 'recovered') return unknown;
  return { truth: Math.max(0, to.at - from.at), widthMs: from.widthMs + to.widthMs, offMs: from.offMs + to.offMs };
}

function find(failover: Failover, end: End): Found | null {
  const { truth, seen } = failover;
  const of = (moment: Moment): Found | null => {
    const [at, how] = [truth[moment], seen.get(moment)];
    return at === undefined || !how ? null : { at, ...how };
  };
  if (end === 'allowed') {
    // Where it was seen that something had to be waited for, and not that it was over, nobody knows when it could be decided.
    if (seen.has('lease awaited') || seen.has('lease over')) return of('lease over');
    return seen.has('asked') || seen.has('approved') ? of('approved') : of('declared dead');
  }
  if (end !== 'ready') return of(end);
  const both = [of('let go'), of('published database') ?? of('promoted')].flatMap((found) => found ?? []);
  if (both.length === 0) return of('sent elsewhere');
  return { at: Math.max(...both.map(({ at }) => at)), widthMs: Math.max(...both.map(({ widthMs }) => widthMs)), offMs: Math.max(...both.map(({ offMs }) => offMs)) };
}

/** From time zero until the client was served (as fast as before) for good; of its pace nothing is known where too little was seen before the fault. */
function toClient(failover: Failover, moment: 'recovered' | 'paced'): Due {
  const { truth, lanes, everyMs, healMs, steadyMs } = failover;
  if (lanes.every(({ out }) => out.length === 0) || (moment === 'paced' && steadyMs < 100 * everyMs)) return unknown;
  const [zero, end] = [find(failover, 'zero'), find(failover, moment)];
  if (end) return between(zero, end, moment);
  // Its last look that failed began at most two intervals before the heal, or a timeout earlier where a look was held until then.
  return { truth: healMs - (truth.zero ?? 0), cutOff: true, widthMs: 0, offMs: (zero?.offMs ?? 0) + 3 * everyMs };
}

/** The longest that a probe was cut off; up for less than counts as back is not up. Both ends lie within an interval, and a timeout, of the truth. */
function longest({ lanes, healMs, everyMs }: Failover): Due {
  const outages = lanes.flatMap(({ out }) => out.reduce<{ from: number; to: number }[]>((merged, { from, to }) => {
    const last = merged.at(-1);
    if (last && from - last.to < stableMs) last.to = to; else merged.push({ from, to });
    return merged;
  }, []));
  const truth = Math.max(0, ...outages.map(({ from, to }) => to - from));
  const cutOff = outages.some(({ to }) => to >= healMs) ? { cutOff: true as const } : {};
  return { truth, ...cutOff, widthMs: 4 * everyMs + 100, offMs: (cutOff.cutOff ? 4 : 2) * everyMs };
}
