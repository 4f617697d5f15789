import type { connections } from '../checks/connections.ts';
import type { Details } from '../checks/connections/details.ts';
import type { Entry } from '../history.ts';
import { makeRandom } from '../providers/sim/random.ts';
import { doorsKept, holdDoors, plantDoors } from './storms/doors.ts';
import { mostIn, mostRate, notWithin, ruledWrongly, type Said } from './storms/hold.ts';
import { historyOf, lookAs, regions, watchedAs } from './histories.ts';

/** What is planted of connections; each becomes a row. */
export const plantedStorms = ['peak', 'refused', 'quiet', 'around it', 'doors', 'ruled'] as const;
export type PlantedStorm = (typeof plantedStorms)[number];

/** One drill in which clients reconnected, or none did, and in what ways that was not found. */
export interface Storm { readonly kind: PlantedStorm; readonly misses: readonly string[] }

const ends = { cut: 5_000, heal: 20_000, end: 25_000 } as const;
const secondMs = 1_000;

/** Plants storms of new connections on a server that counts them, and is sometimes started again, beside a quiet one: the worst second must lie within what is said, also between two looks, and what is said no wider than they leave open. */
export function plantStorms(check: typeof connections, histories: number, seed: string): Storm[] {
  const random = makeRandom(`storms ${seed}`);
  return Array.from({ length: histories }, (_, index) => (index % 3 === 0 ? plantOne(check, random, 0) : plantOne(check, random, 20 + Math.floor(random() * 300)))).flat();
}

/** A server: when it was asked for a connection, which of these it had no place for, and since when it is up, again. */
interface Course { readonly asked: readonly number[]; readonly refused: ReadonlySet<number>; readonly ups: readonly { readonly from: number; readonly to: number }[] }

/** One reading of a server's counters: within which look, at which moment (ms), and how many connections it had open. */
interface Read { readonly started: number; readonly read: number; readonly ended: number; readonly open: number }

function plantOne(check: typeof connections, random: () => number, storm: number): Storm[] {
  const [course, calm] = [drawCourse(random, storm), drawCourse(random, 0, false)];
  const [busy, idle] = [looksAt('state', course, random), looksAt('calm', calm, random)];
  const doors = plantDoors(ends, random);
  const history = historyOf({
    probes: [{ ...watchedAs('calm', 'server', 'server', 500), place: regions.old }, { ...watchedAs('state', 'server', 'server', 500), place: regions.taking }, doorsKept], cut: { low: ends.cut, high: ends.cut + 20 },
    entries: [{ kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: ends.heal, phase: 'heal' }, { kind: 'phase', at: ends.end, phase: 'quiesce' }, ...busy.looks, ...idle.looks, ...doors.looks],
  });
  const finding = check.judge(history, {});
  const measure = (name: string): Said => finding.measures.find((one) => one.name === `connections.${name}`) ?? { value: null, low: null, high: null };
  // A server that fell may have been asked for more than anybody knows: then either may be the one that is told of first.
  const restarted = course.ups.length > 1;
  const all: readonly Watched[] = [{ course, reads: busy.reads }, { course: calm, reads: idle.reads }];
  const first = all[storm > 0 && !restarted ? 0 : all.findIndex((_, index) => (finding.details as Details).peaks[0]?.region === [regions.taking, regions.old][index])] as Watched;
  const worst = all.map(worstOf).reduce((one, other) => ({ rate: Math.max(one.rate, other.rate), inOne: Math.max(one.inOne, other.inOne), least: Math.max(one.least, other.least), most: Math.max(one.most, other.most) }));
  const peak = measure('peak');
  const misses: string[] = [];
  const high = peak.high ?? (restarted ? Number.POSITIVE_INFINITY : 0);
  const said = `${worst.inOne} in a second, ${worst.rate.toFixed(1)} a second for longer, and ${peak.value} was said (${peak.low}-${peak.high})`;
  if (peak.value === null || peak.low === null) misses.push('no peak was found');
  // Measures are said to a tenth of a connection.
  else if (peak.low > worst.rate + 0.1 || high < worst.inOne || peak.value < peak.low || peak.value > high || (restarted && peak.high !== null)) misses.push(said);
  else if (!restarted && (peak.low < longestLook * worst.least - 0.1 || high > worst.most + 0.1)) misses.push(`${said}, which is wider than looks leave open (${worst.least.toFixed(1)}-${worst.most})`);
  const refused = seenRefused(all[0] as Watched) + seenRefused(all[1] as Watched);
  const { value, low, high: mostRefused } = measure('refused');
  return [
    { kind: storm === 0 ? 'quiet' : 'peak', misses },
    { kind: 'refused', misses: value === refused && low === refused && (mostRefused === refused) === !restarted ? [] : [`${value} refused (${low}-${mostRefused}), instead of ${refused}`] },
    { kind: 'around it', misses: [...holdAround(first, measure), ...holdAfter(all, measure)] },
    { kind: 'doors', misses: holdDoors(doors, ends, measure) },
    { kind: 'ruled', misses: [
      ...ruledWrongly('maxPeak', { value: peak.value, low: peak.low, high: peak.high }, random, (objective) => check.judge(history, objective).ruling),
      ...ruledWrongly('maxRefused', { value, low, high: mostRefused }, random, (objective) => check.judge(history, objective).ruling),
    ] },
  ];
}

/** By how much the longest look of a second shortens what it surely saw. */
const longestLook = 0.95;

interface Watched { readonly course: Course; readonly reads: readonly Read[] }

/** What came before the storm, and how many times as many came in it. */
function holdAround({ course, reads }: Watched, measure: (name: string) => Said): string[] {
  const { rate, inOne, most } = worstOf({ course, reads });
  const before = reads.filter(({ started, ended }) => started >= 0 && ended <= ends.cut);
  const [from, to] = [before[0] as Read, before.at(-1) as Read];
  const usual = (course.asked.filter((at) => at > from.read && at <= to.read).length * secondMs) / (to.read - from.read);
  const factor = measure('factor');
  return [
    ...notWithin('before the break', usual, usual, measure('baseline'), { least: 0.9 * usual - 0.1, most: 1.1 * usual + 0.1 }),
    ...(usual === 0 ? (factor.value === null ? [] : ['times as many as none']) : course.ups.length > 1 ? [] : notWithin('times as many', rate / usual, inOne / usual, factor, { least: 0, most: (most + 0.1) / (0.9 * usual) + 1 })),
  ];
}

/** What came after the heal, and how many were seen open at most from the break on. */
function holdAfter(servers: readonly Watched[], measure: (name: string) => Said): string[] {
  const worst = servers.map(({ course, reads }) => {
    const room = secondMs + 2 * widestGap(reads);
    const [near, within] = [course.asked.filter((at) => at >= ends.heal - room), course.asked.filter((at) => at >= ends.heal && at <= ends.end - room)];
    return { rate: mostRate(near), inOne: mostIn(within, 0, ends.end, secondMs), most: mostIn(near, 0, ends.end, room) };
  });
  // The one that is told is whichever was asked for more by its looks.
  const open = Math.max(...servers.flatMap(({ reads }) => reads.filter(({ started, ended }) => started >= ends.cut && ended <= ends.end).map((one) => one.open)));
  const of = (what: 'rate' | 'inOne' | 'most', pick: (...all: number[]) => number) => pick(...worst.map((one) => one[what]));
  return [
    ...notWithin('after the heal', of('rate', Math.max), of('inOne', Math.min), measure('heal.peak'), { least: 0, most: of('most', Math.max) + 0.1 }),
    ...(measure('most').value === open ? [] : [`${measure('most').value} open at once, instead of ${open}`]),
  ];
}

/** Those of which a reading told, and that came after the last one before the break. */
function seenRefused({ course: { refused, ups }, reads }: Watched): number {
  const before = reads.findLast(({ ended }) => ended <= ends.cut)?.read ?? 0;
  const seen = ups.map(({ from, to }) => reads.findLast(({ read, ended }) => read >= from && read < to && ended <= ends.end)?.read ?? from);
  return [...refused].filter((at) => at > before && ups.some(({ from, to }, index) => at >= from && at < to && at <= (seen[index] as number))).length;
}

/** The longest between two readings; one that lies on either side of a change of phase belongs to neither. */
function widestGap(all: readonly Read[]): number {
  const reads = all.filter(({ started, ended }) => ![ends.cut, ends.heal].some((change) => started < change && ended > change));
  return Math.max(...reads.slice(1).map(({ ended }, index) => ended - (reads[index] as Read).started));
}

/** One now and then, and in the break very many within a moment or a few seconds. */
function drawCourse(random: () => number, storm: number, mayFall = true): Course {
  const asked: number[] = [];
  for (let at = 200 * random(); at < ends.end; at += 300 + 2_000 * random()) asked.push(at);
  const [from, over] = [ends.cut + 500 + 6_000 * random(), 50 + 2_500 * random()];
  const stormy = Array.from({ length: storm }, () => from + over * random());
  // Where a server falls, it is as often as not while they all come.
  const down = mayFall && random() < (storm === 0 ? 0.6 : 0.3) ? { from: random() < 0.5 ? from + over * random() : ends.cut + 12_000 * random(), forMs: 300 + 1_500 * random() } : null;
  const ups = down ? [{ from: -60_000, to: down.from }, { from: down.from + down.forMs, to: ends.end }] : [{ from: -60_000, to: ends.end }];
  const taken = [...asked, ...stormy].filter((at) => ups.some((up) => at >= up.from && at < up.to)).sort((a, b) => a - b);
  // Some were refused also before the break, and before a server fell, which starts again at nothing.
  return { asked: taken, refused: new Set([...asked.filter(() => random() < 0.1), ...stormy.filter(() => random() < 0.2)].filter((at) => taken.includes(at))), ups };
}

function looksAt(probe: string, { asked, refused, ups }: Course, random: () => number): { readonly looks: readonly Entry[]; readonly reads: readonly Read[] } {
  const everyMs = 250 + 750 * random();
  const looks: Entry[] = [];
  const reads: Read[] = [];
  for (let seq = 0, started = 0; started < ends.end; seq += 1, started += everyMs) {
    const ended = started + 1 + 40 * random();
    const read = started + (ended - started) * random();
    const up = ups.find(({ from, to }) => read >= from && read < to);
    if (!up || random() < 0.03) { looks.push(lookAs('server', probe, seq, started, ended, null as never, false)); continue; }
    const [since, open] = [asked.filter((at) => at >= up.from && at <= read), 5 + Math.floor(random() * 20)];
    looks.push(lookAs('server', probe, seq, started, ended, { server: probe, upS: Math.floor((read - up.from) / 1_000), acks: 'off', waited: 0, alone: 0, connections: (up.from < 0 ? 100 : 0) + since.length, refused: since.filter((at) => refused.has(at)).length, open, most: 100 }, true));
    reads.push({ started, read, ended, open });
  }
  return { looks, reads };
}

/** The most connections in any second of the break, the highest rate over a second or longer, and how low and high bounds of these may lie for what looks leave open. */
function worstOf({ course: { asked }, reads }: Watched): { readonly inOne: number; readonly rate: number; readonly least: number; readonly most: number } {
  const room = secondMs + 2 * widestGap(reads);
  return {
    inOne: mostIn(asked, ends.cut, ends.heal - 2 * secondMs, secondMs), rate: mostRate(asked.filter((at) => at >= ends.cut - 2 * secondMs && at <= ends.heal)),
    least: (mostIn(asked, ends.cut, ends.cut + 10 * secondMs, secondMs) * secondMs) / room, most: mostIn(asked, ends.cut - room, ends.heal, room),
  };
}
