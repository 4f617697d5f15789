import type { connections } from '../checks/connections.ts';
import type { Entry } from '../history.ts';
import { makeRandom } from '../providers/sim/random.ts';
import { historyOf, lookAs, regions, watchedAs } from './histories.ts';

/** What is planted of connections; each becomes a row. */
export const plantedStorms = ['peak', 'refused', 'quiet'] as const;
export type PlantedStorm = (typeof plantedStorms)[number];

/** One drill in which clients reconnected, or none did, and in what ways that was not found. */
export interface Storm { readonly kind: PlantedStorm; readonly misses: readonly string[] }

const ends = { cut: 5_000, heal: 20_000, end: 25_000 } as const;
const secondMs = 1_000;

/** Plants storms of new connections on a server that counts them, and is sometimes started again: the worst second must lie within what is said, also between two looks. */
export function plantStorms(check: typeof connections, histories: number, seed: string): Storm[] {
  const random = makeRandom(`storms ${seed}`);
  return Array.from({ length: histories }, (_, index) => (index % 3 === 0 ? plantOne(check, random, 0) : plantOne(check, random, 20 + Math.floor(random() * 300)))).flat();
}

/** A server: when it was asked for a connection, which of these it had no place for, and since when it is up, again. */
interface Course { readonly asked: readonly number[]; readonly refused: ReadonlySet<number>; readonly ups: readonly { readonly from: number; readonly to: number }[] }

function plantOne(check: typeof connections, random: () => number, storm: number): Storm[] {
  const course = drawCourse(random, storm);
  const finding = check.judge(historyOf({ probes: [{ ...watchedAs('state', 'server', 'server', 500), place: regions.taking }], cut: { low: ends.cut, high: ends.cut + 20 }, entries: [
    { kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: ends.heal, phase: 'heal' }, { kind: 'phase', at: ends.end, phase: 'quiesce' }, ...looksAt(course, random),
  ] }), {});
  const measure = (name: string) => finding.measures.find((one) => one.name === name) ?? { value: null, low: null, high: null };
  const peak = measure('connections.peak');
  const worst = worstOf(course.asked);
  const misses: string[] = [];
  // Only a server that fell may have been asked for more than anybody knows.
  const most = peak.high ?? (course.ups.length > 1 ? Number.POSITIVE_INFINITY : 0);
  if (peak.value === null || peak.low === null) misses.push('no peak was found');
  // Measures are said to a tenth of a connection.
  else if (peak.low > worst.rate + 0.1 || most < worst.inOne || peak.value < peak.low || peak.value > most) misses.push(`${worst.inOne} in a second, ${worst.rate.toFixed(1)} a second for longer, and ${peak.value} was said (${peak.low}-${peak.high})`);
  const { value: refused, high } = measure('connections.refused');
  return [
    { kind: storm === 0 ? 'quiet' : 'peak', misses },
    { kind: 'refused', misses: refused === course.refused.size && (high === refused) === (course.ups.length === 1) ? [] : [`${refused} refused, at most ${high}, instead of ${course.refused.size}`] },
  ];
}

/** One now and then, and in the break very many within a moment or a few seconds. */
function drawCourse(random: () => number, storm: number): Course {
  const asked: number[] = [];
  for (let at = 200 * random(); at < ends.end; at += 300 + 2_000 * random()) asked.push(at);
  const [from, over] = [ends.cut + 500 + 6_000 * random(), 50 + 2_500 * random()];
  const stormy = Array.from({ length: storm }, () => from + over * random());
  // Where a server falls, it is as often as not while they all come.
  const down = random() < 0.3 ? { from: random() < 0.5 ? from + over * random() : ends.cut + 12_000 * random(), forMs: 300 + 1_500 * random() } : null;
  const ups = down ? [{ from: -60_000, to: down.from }, { from: down.from + down.forMs, to: ends.end }] : [{ from: -60_000, to: ends.end }];
  const taken = [...asked, ...stormy].filter((at) => ups.some((up) => at >= up.from && at < up.to)).sort((a, b) => a - b);
  // What came just before a server fell was seen by nobody: it starts again at nothing.
  return { asked: taken, refused: new Set(down ? [] : stormy.filter(() => random() < 0.2)), ups };
}

function looksAt({ asked, refused, ups }: Course, random: () => number): Entry[] {
  const everyMs = 250 + 750 * random();
  const looks: Entry[] = [];
  for (let seq = 0, started = 0; started < ends.end; seq += 1, started += everyMs) {
    const ended = started + 1 + 40 * random();
    const read = started + (ended - started) * random();
    const up = ups.find(({ from, to }) => read >= from && read < to);
    if (!up || random() < 0.03) { looks.push(lookAs('server', 'state', seq, started, ended, null as never, false)); continue; }
    const since = asked.filter((at) => at >= up.from && at <= read);
    looks.push(lookAs('server', 'state', seq, started, ended, { server: '2', upS: Math.floor((read - up.from) / 1_000), acks: 'off', waited: 0, alone: 0, connections: (up.from < 0 ? 100 : 0) + since.length, refused: since.filter((at) => refused.has(at)).length, open: 10, most: 100 }, true));
  }
  return looks;
}

/** The most connections in any second of the break, and the highest rate over a second or longer. */
function worstOf(asked: readonly number[]): { readonly inOne: number; readonly rate: number } {
  const [within, near] = [asked.filter((at) => at >= ends.cut && at <= ends.heal - 2 * secondMs), asked.filter((at) => at >= ends.cut - 2 * secondMs && at <= ends.heal)];
  const countIn = (all: readonly number[], from: number, to: number) => all.filter((at) => at >= from && at <= to).length;
  return {
    inOne: Math.max(0, ...within.map((from) => countIn(within, from, from + secondMs))),
    rate: Math.max(...near.flatMap((from, first) => near.slice(first).map((to, more) => ((more + 1) * 1_000) / Math.max(secondMs, to - from))), 0),
  };
}
