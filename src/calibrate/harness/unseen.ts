import type { failoverTime } from '../../checks/failover-time.ts';
import type { Entry } from '../../history.ts';
import type { judge } from '../../judge.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { historyOf, lookAs, watchedAs } from '../histories.ts';

/** One outage of which an end lies in time that nobody saw: in what ways its bounds were wrong (ms). */
export interface Unseeable { readonly kind: Kind; readonly misses: readonly string[]; readonly biasMs: number | null; readonly widthMs: number | null; readonly mostBiasMs: number; readonly mostWidthMs: number }

/** Which end of an outage lies in blind time. */
export const unseens = ['blind around its beginning', 'blind around its end', 'blind around both'] as const;
type Kind = (typeof unseens)[number];

const [everyMs, fromMs, endMs] = [250, 20_000, 300_000];
/** How long a look takes at least (ms). */
const leastMs = 5;
/** Less than the hundredth of the time above which the verdict is inconclusive (ms, all together). */
const mostBlindMs = 0.0098 * endMs;
const probes = [watchedAs('front', 'http', 'http', everyMs), watchedAs('control', 'http', 'http', everyMs, { target: 'control' })];

/** Plants outages whose ends lie in a little blind time, in which what looks say is made up: the truth must lie within the bounds, these must be no wider than looks and blindness leave open, and the run must count. */
export function plantUnseen(check: typeof failoverTime, rule: typeof judge, runs: number, seed: string): Unseeable[] {
  const random = makeRandom(`unseen ${seed}`);
  return Array.from({ length: runs }, () => unseens.map((kind) => plantOne(check, rule, kind, random))).flat();
}

function plantOne(check: typeof failoverTime, rule: typeof judge, kind: Kind, random: () => number): Unseeable {
  const from = fromMs + random() * everyMs;
  const to = from + 8_000 + random() * 20_000;
  const ends = kind === 'blind around its beginning' ? [from] : kind === 'blind around its end' ? [to] : [from, to];
  const blind = ends.map((end) => {
    const lastsMs = ((0.2 + 0.8 * random() ** 2) * mostBlindMs) / ends.length;
    const begins = end - random() * lastsMs;
    return { from: begins, to: begins + lastsMs };
  });
  const history = historyOf({ probes, client: ['front'], cut: { low: from - 30, high: from + 20 }, entries: entriesOf(from, to, blind, random), promoted: false });
  const { measures } = check.judge(history, {});
  const mostWidthMs = 4 * everyMs + 50 + blind.reduce((sum, span) => sum + span.to - span.from + 2 * everyMs, 0);
  const told = ['failover.rto', 'failover.outage.longest'].map((name) => ({ name, said: measures.find((measure) => measure.name === name) }));
  const misses = told.flatMap(({ name, said }) => {
    if (said?.value == null || said.low === null || said.high === null) return [`${name} was not measured`];
    const [low, high] = [said.low * 1_000 - 1, said.high * 1_000 + 1];
    return [
      ...(low <= to - from && to - from <= high ? [] : [`${name}: ${(to - from).toFixed(0)} ms is not within ${said.low}-${said.high} s`]),
      ...(high - low <= mostWidthMs + 2 ? [] : [`${name}: bounds wider than looks and blindness leave open`]),
    ];
  });
  const verdict = rule([{ name: 'rto', check: check as never, objective: { max: 60_000 } }], history);
  const [rto] = told;
  const { value, low, high } = rto?.said ?? { value: null, low: null, high: null };
  return {
    kind, misses: [...misses, ...(verdict.ruling === 'pass' ? [] : [`ruled ${verdict.ruling} for a little blindness: ${verdict.because}`])],
    biasMs: value === null ? null : value * 1_000 - (to - from), widthMs: low === null || high === null ? null : (high - low) * 1_000, mostBiasMs: mostWidthMs, mostWidthMs,
  };
}

function entriesOf(from: number, to: number, blind: readonly { readonly from: number; readonly to: number }[], random: () => number): Entry[] {
  const entries: Entry[] = [{ kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: endMs, phase: 'heal' }, { kind: 'fault', at: endMs + 1, name: 'planted', state: 'gone', evidence: [] }, { kind: 'phase', at: endMs + 2, phase: 'quiesce' }];
  for (const span of blind) entries.push({ kind: 'blind', at: span.to, probe: null, place: 'outside', ...span, why: 'planted' });
  const madeUp = { bad: random() < 0.5, by: 0.4 + random() };
  for (let seq = 0; seq * everyMs < endMs; seq += 1) {
    const at = seq * everyMs;
    const out = at >= from && at < to;
    const span = blind.find((one) => at < one.to && at + everyMs > one.from + 2 * leastMs);
    const touches = span !== undefined && at + leastMs > span.from;
    // What is told of blind time may be all good, all bad, or anything. A look that is said to have ended in it may have begun before.
    const lies = span !== undefined && random() < madeUp.by;
    const bad = lies ? madeUp.bad : out;
    const took = bad ? everyMs : Math.max(leastMs + random() * 20, lies ? span.from + leastMs - at : 0);
    entries.push(lookAs('http', 'front', seq, at, at + took, { status: 200, servedBy: null, connection: 'new', address: '' }, !bad));
    entries.push(lookAs('http', 'control', seq, at, at + leastMs, { status: 200, servedBy: null, connection: 'new', address: '' }, !touches || random() < 0.5));
  }
  return entries;
}
