import type { failoverTime } from '../checks/failover-time.ts';
import { marks, type Entry, type History } from '../history.ts';
import { makeRandom } from '../providers/sim/random.ts';
import { addresses, historyOf, lookAs, regions, watchedAs } from './histories.ts';
import { invented } from './miss.ts';

/** A moment that a stage begins or ends at, as the system's own mark. */
type Moment = 'zero' | 'unhealthy' | 'published service' | 'declared dead' | 'stopped' | 'drained' | 'promoted' | 'published database' | 'fenced' | 'recovered';

const stages: Readonly<Record<string, readonly [Moment, Moment]>> = {
  'stage.detect.dns': ['zero', 'unhealthy'], 'stage.publish.dns': ['unhealthy', 'published service'], 'stage.detect.db': ['zero', 'declared dead'],
  'stage.decide': ['declared dead', 'stopped'], 'stage.drain': ['stopped', 'drained'], 'stage.promote': ['drained', 'promoted'],
  'stage.publish.db': ['promoted', 'published database'], 'stage.fence': ['declared dead', 'fenced'], 'failover.rto': ['zero', 'recovered'],
};
const order: readonly Moment[] = ['unhealthy', 'published service', 'declared dead', 'stopped', 'drained', 'promoted', 'published database', 'fenced', 'recovered'];
const [cutMs, endMs, everyMs] = [10_000, 60_000, 250];

/** One stage of one planted failover: in what ways it was told wrongly. */
export interface Staged { readonly mode: 'stages, seen and unseen' | 'time to recover'; readonly misses: readonly string[]; readonly biasMs: number | null; readonly widthMs: number | null }

/** Plants failovers whose steps happened at known moments, each told with an error of known size or not at all: a stage must hold its truth, and one whose ends were not both seen must be null, never zero. */
export function plantStages(check: typeof failoverTime, histories: number, seed: string): Staged[] {
  const random = makeRandom(`stages ${seed}`);
  return Array.from({ length: histories }, () => {
    const { truth, seen, history } = drawFailover(random);
    const { measures } = check.judge(history, {});
    return Object.entries(stages).map(([name, [from, to]]): Staged => {
      const said = measures.find((measure) => measure.name === name);
      const known = seen.has(from) && seen.has(to) ? truth[to] - truth[from] : null;
      return { mode: name === 'failover.rto' ? 'time to recover' : 'stages, seen and unseen', ...compare(name, known, said) };
    });
  }).flat();
}

function compare(name: string, truth: number | null, said: { readonly value: number | null; readonly low: number | null; readonly high: number | null } | undefined): Omit<Staged, 'mode'> {
  const nothing = { biasMs: null, widthMs: null };
  if (!said) return { ...nothing, misses: [`${name} is not given`] };
  if (truth === null) return { ...nothing, misses: said.value === null ? [] : [invented(`${name} was not observed, and is said to be ${said.value} s`)] };
  if (said.value === null || said.low === null || said.high === null) return { ...nothing, misses: [`${name} was observed, and is not told`] };
  // Measures are said to the millisecond.
  const holds = said.low * 1_000 - 1 <= truth && truth <= said.high * 1_000 + 1;
  return { misses: holds ? [] : [`${name}: ${truth.toFixed(0)} ms is not within ${said.low}-${said.high} s`], biasMs: said.value * 1_000 - truth, widthMs: (said.high - said.low) * 1_000 };
}

interface Failover { readonly truth: Readonly<Record<Moment, number>>; readonly seen: ReadonlySet<Moment>; readonly history: History }

function drawFailover(random: () => number): Failover {
  const cut = { low: cutMs, high: cutMs + 20 + random() * 200 };
  const truth = { zero: cut.low + random() * (cut.high - cut.low) } as Record<Moment, number>;
  const seen = new Set<Moment>(['zero', 'recovered']);
  const entries: Entry[] = [{ kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: endMs, phase: 'heal' }];
  let at = cut.high;
  for (const moment of order) {
    at += 600 + random() * 3_000;
    truth[moment] = at;
    if (moment === 'recovered' || random() < 0.2) continue;
    seen.add(moment);
    entries.push(markOf(moment, at, random() * 200, random));
  }
  // The client was cut off when the fault was: its looks in between hang until their time is up.
  for (let seq = 0, due = random() * everyMs; due < endMs; seq += 1, due += everyMs) {
    const bad = due >= truth.zero && due < truth.recovered;
    entries.push(lookAs('http', 'front', seq, due, due + (bad ? everyMs : 5 + random() * 20), { status: 200, servedBy: null, connection: 'new', address: '' }, !bad));
  }
  return { truth, seen, history: historyOf({ probes: [watchedAs('front', 'http', 'http', everyMs)], client: ['front'], cut, entries, promoted: false }) };
}

/** A mark of a step that happened at `at`, told with an error of up to `errorMs` either way. */
function markOf(moment: Moment, at: number, errorMs: number, random: () => number): Entry {
  const told = { kind: 'mark' as const, at: at + (2 * random() - 1) * errorMs, errorMs };
  switch (moment) {
    case 'unhealthy': return { ...told, who: 'gslb', what: marks.unhealthy, subject: regions.old, evidence: {} };
    case 'published service': return { ...told, who: 'gslb', what: marks.published, subject: 'service.planted', evidence: { addresses: [addresses[regions.taking]] } };
    case 'published database': return { ...told, who: 'pilot', what: marks.published, subject: 'database.planted', evidence: {} };
    case 'declared dead': return { ...told, who: 'pilot', what: marks.declaredDead, subject: regions.old, evidence: {} };
    default: return { ...told, who: 'pilot', what: moment, subject: regions.taking, evidence: {} };
  }
}
