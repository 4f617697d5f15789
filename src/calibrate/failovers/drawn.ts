import type { Entry, History } from '../../history.ts';
import { addresses, historyOf, lookAs, regions, watchedAs } from '../histories.ts';
import { looksOf, usualMs, type Lane, type Manner, type Stretch } from './client.ts';
import { markOf, strayMarks, type Marked } from './told.ts';

/** A moment that a stage begins or ends at: the fault, a step of the system, what a resolver, the standby's database or the reference client went through. */
export type Moment = 'zero' | Marked | 'let go' | 'first write' | 'recovered' | 'paced';

/** How a moment was seen (ms): how wide its bounds may be at most, and how far from the truth its point. */
export interface Seen { readonly widthMs: number; readonly offMs: number }

/**
 * One planted failover. `truth`: when (ms) each moment truly was, where it was at all; `seen`: those that the history tells of, before the heal. `lanes`: the probes
 * of the reference client; `relapsed`: it was lost once more after it had been served again. `zero`: the span that time zero is told as.
 */
export interface Failover {
  readonly truth: Readonly<Partial<Record<Moment, number>>>;
  readonly seen: ReadonlyMap<Moment, Seen>;
  readonly lanes: readonly Lane[];
  readonly relapsed: boolean;
  readonly healMs: number;
  readonly everyMs: number;
  readonly steadyMs: number;
  readonly history: History;
}

/** Before the fault nothing happens for so long (ms), or, where nobody can say what pace is usual, only for so long. */
const [longBefore, shortBefore] = [30_000, 5_000];
/** How long good must last to count as back, in every planted history (ms). */
export const stableMs = 1_000;
/** The greatest error of a mark (ms): steps lie further apart than two of them. */
const mostErrorMs = 200;
/** The greatest error where one clock tells of both (ms). */
const sameHostErrorMs = 5;

type Random = () => number;
const chance = (random: Random, share: number): boolean => random() < share;

/** Draws a failover whose steps happened at known moments, in one of the ways it may go, and tells of it with errors of known size, or not at all. */
export function drawFailover(random: Random): Failover {
  const everyMs = chance(random, 0.5) ? 150 : 250;
  const cutLow = chance(random, 0.2) ? shortBefore : longBefore;
  const cut = { low: cutLow, high: cutLow + 20 + random() * mostErrorMs };
  const truth: Partial<Record<Moment, number>> = { zero: cut.low + random() * (cut.high - cut.low) };
  const last = drawSteps(truth, cut.high, random);
  const client = drawClient(truth, last, everyMs, random);
  const healMs = drawHeal(truth, client.lanes, everyMs, random);
  const entries: Entry[] = [{ kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: healMs, phase: 'heal' }, ...strayMarks(cut.low, truth)];
  const endMs = healMs + 4_000;
  // What was still cut off is back with the heal.
  const lanes = client.lanes.map((lane): Lane => ({ ...lane, out: lane.out.filter(({ from }) => from < healMs).map(({ from, to }) => ({ from, to: Math.min(to, healMs) })) }));
  // A moment of noise before the fault is no part of it.
  const noise: Stretch = { from: cut.low - 2_500, to: cut.low - 2_200 };
  for (const lane of lanes) entries.push(...looksOf({ ...lane, out: [noise, ...lane.out] }, { everyMs, endMs }, random));
  const seen = tellSteps(truth, healMs, random, entries);
  seen.set('zero', { widthMs: cut.high - cut.low, offMs: cut.high - cut.low });
  // A look that was held begins up to a timeout before the way is back.
  const served = { widthMs: 2 * everyMs + usualMs, offMs: everyMs + usualMs };
  if (lanes.some(({ out }) => out.length > 0)) for (const moment of ['recovered', 'paced'] as const) if ((truth[moment] ?? Infinity) < healMs) seen.set(moment, served);
  const asked = tellLooks(truth, { everyMs, endMs, healMs }, random, seen, entries);
  return {
    truth, seen, lanes, healMs, everyMs, steadyMs: cut.low, relapsed: client.relapse !== null && client.relapse.from < healMs && seen.has('recovered'),
    history: historyOf({
      cut, entries, promoted: false, client: lanes.map(({ probe }) => probe),
      probes: [...lanes.map(({ probe, says }) => watchedAs(probe, says, says, everyMs)), ...asked],
    }),
  };
}

/** Draws the steps one after the other, by ways that differ: asking a person or not, awaiting a lease, following a runbook, with a mesh. Gives the last one's moment. */
function drawSteps(truth: Partial<Record<Moment, number>>, from: number, random: Random): number {
  const runbook = chance(random, 0.25);
  const early = chance(random, 0.1); // fenced before it was declared dead
  const order: readonly Marked[] = [
    'unhealthy', 'published service', ...(chance(random, 0.4) ? ['ejected', 'sent elsewhere'] as const : []), ...(early ? ['fenced'] as const : []), 'declared dead',
    ...(chance(random, 0.4) ? ['asked', 'approved'] as const : []), ...(chance(random, 0.5) ? ['lease awaited', 'lease over'] as const : []),
    ...(runbook ? ['runbook began'] as const : ['stopped', 'drained'] as const), 'promoted', 'published database', ...(early ? [] : ['fenced'] as const),
  ];
  let at = from;
  for (const moment of order) truth[moment] = at += 2.5 * mostErrorMs + 100 + random() * 1_500;
  truth['first write'] = (truth.promoted ?? 0) + 50 + random() * 400;
  // Now and then a name is let go just as the database is there.
  truth['let go'] = chance(random, 0.5) ? (truth['published database'] ?? 0) + (random() - 0.2) * mostErrorMs : (truth['published service'] ?? 0) + 300 + random() * (at - (truth['published service'] ?? 0));
  return at;
}

interface Client { readonly lanes: readonly Lane[]; readonly relapse: Stretch | null }

/** Draws a client of two probes, of which one may be back before the other, never be cut off, or be lost in between; it may answer slowly at first, and be lost once more later. */
function drawClient(truth: Partial<Record<Moment, number>>, last: number, everyMs: number, random: Random): Client {
  const zero = truth.zero ?? 0;
  const lanes = [{ probe: 'front', says: 'http' as const }, { probe: 'writer', says: 'write' as const }].map((lane) => ({ ...lane, manner: (['refused', 'hangs', 'held'] as const)[Math.floor(random() * 3)] as Manner }));
  if (chance(random, 0.08)) return { lanes: lanes.map((lane) => ({ ...lane, out: [], slow: null })), relapse: null };
  // Some clients are served as soon as the database is, or before.
  const recovered = truth.recovered = last + (random() - 0.3) * 4_000;
  const paced = truth.paced = recovered + (chance(random, 0.4) ? 500 + random() * 2_500 : 0);
  const relapse = chance(random, 0.35) ? { from: paced + 3_000 + random() * 1_000, to: paced + 4_500 + random() * 3_000 } : null;
  const latest = chance(random, 0.5) ? 0 : 1;
  const other = chance(random, 0.3) ? zero : recovered - random() * (recovered - zero) * 0.7;
  return {
    relapse,
    lanes: lanes.map((lane, index): Lane => {
      const back = index === latest ? recovered : other;
      const out = [...lostIn({ from: zero, to: back }, index === latest ? 0 : stableMs + 4 * everyMs + 500, random), ...(relapse && chance(random, 0.6) ? [relapse] : index === latest && relapse ? [relapse] : [])];
      return { ...lane, out: out.filter(({ from, to }) => to > from), slow: index === latest ? { from: recovered, to: paced } : null };
    }),
  };
}

/** A stretch of being cut off, now and then with a short while in between that does not count as back; `aloneMs` above 0: or with one of that length, which does. */
function lostIn(whole: Stretch, aloneMs: number, random: Random): Stretch[] {
  const upMs = aloneMs > 0 && chance(random, 0.4) ? aloneMs : 100 + random() * 300;
  const roomMs = whole.to - whole.from - upMs - 2 * stableMs;
  if (roomMs <= 0 || chance(random, 0.4)) return [whole];
  const up = whole.from + stableMs + random() * roomMs;
  return [{ from: whole.from, to: up }, { from: up + upMs, to: whole.to }];
}

/** Most heal when all is over; some before, so that what comes later is no part of the failover, at a time at which it is sure what had been seen. */
function drawHeal(truth: Failover['truth'], lanes: readonly Lane[], everyMs: number, random: Random): number {
  const edges = [...lanes.flatMap(({ out, slow }) => [...out, ...(slow ? [slow] : [])].flatMap(({ from, to }) => [from, to]))];
  const end = Math.max(...Object.values(truth), ...edges);
  const sure = (at: number): boolean => edges.every((edge) => at < edge - 3 * everyMs || at > edge + stableMs + 3 * everyMs) && Object.values(truth).every((moment) => Math.abs(at - moment) > Math.max(mostErrorMs, 3 * everyMs));
  for (let tries = chance(random, 0.35) ? 40 : 0; tries > 0; tries -= 1) {
    const at = (truth.unhealthy ?? 0) + random() * (end - (truth.unhealthy ?? 0));
    if (sure(at)) return at;
  }
  return end + stableMs + 1_000 + random() * 1_000;
}

const pairs: readonly (readonly [Marked, Marked])[] = [['asked', 'approved'], ['lease awaited', 'lease over']];

/** Tells of the steps by marks, each with an error of its own or, of every fifth, not at all; never of neither half of a waiting, of which nobody could know then. */
function tellSteps(truth: Failover['truth'], healMs: number, random: Random, entries: Entry[]): Map<Moment, Seen> {
  const steps = Object.entries(truth).filter((step): step is [Marked, number] => !(['zero', 'let go', 'first write', 'recovered', 'paced'] as string[]).includes(step[0]));
  const untold = new Set<Moment>(steps.map(([moment]) => moment).filter(() => chance(random, 0.2)));
  for (const [begun, done] of pairs) if (untold.has(begun)) untold.delete(done);
  const seen = new Map<Moment, Seen>();
  for (const [moment, at] of steps) {
    if (untold.has(moment)) continue;
    const errorMs = random() * (chance(random, 0.3) ? sameHostErrorMs : mostErrorMs);
    entries.push(...markOf(moment, at, errorMs, random));
    if (at < healMs) seen.set(moment, { widthMs: 2 * errorMs, offMs: errorMs });
  }
  return seen;
}

/** Tells of a resolver that holds the old answer until it lets go, and of a standby's database that refuses writes until it takes them; either is now and then not asked. Gives the probes. */
function tellLooks(truth: Failover['truth'], { everyMs, endMs, healMs }: { readonly everyMs: number; readonly endMs: number; readonly healMs: number }, random: Random, seen: Map<Moment, Seen>, entries: Entry[]): ReturnType<typeof watchedAs>[] {
  const probes: ReturnType<typeof watchedAs>[] = [];
  const ask = (moment: 'let go' | 'first write', look: (seq: number, due: number, done: boolean) => Entry): void => {
    const at = truth[moment] ?? Infinity;
    for (let seq = 0, due = random() * everyMs; due < endMs; seq += 1, due += everyMs) entries.push(look(seq, due, due >= at));
    if (at < healMs) seen.set(moment, { widthMs: everyMs + usualMs, offMs: everyMs });
  };
  if (chance(random, 0.8)) {
    probes.push(watchedAs('names@strict', 'dns', 'dns', everyMs, { servers: ['strict'], name: 'service' }));
    ask('let go', (seq, due, done) => lookAs('dns', 'names@strict', seq, due, due + random() * usualMs, { server: 'strict', addresses: [addresses[done ? regions.taking : regions.old]], ttl: 2, rcode: 'NOERROR', ede: null }));
  }
  if (chance(random, 0.8)) {
    probes.push({ ...watchedAs('direct', 'direct', 'write', everyMs), place: regions.taking });
    ask('first write', (seq, due, done) => lookAs('write', 'direct', seq, due, due + random() * usualMs, { op: `direct:${seq + 1}`, attempt: 1, outcome: done ? 'acked' : 'refused', server: null, gtid: null, servedBy: null }, done));
  }
  return probes;
}
