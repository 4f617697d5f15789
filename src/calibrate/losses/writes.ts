import type { Entry, History } from '../../history.ts';
import type { Outcome, Ranges } from '../../seen.ts';
import { historyOf, lookAs, regions, watchedAs } from '../histories.ts';

/** What truly became of a planted write. `phantom`: a row of a write that was refused, or that nobody attempted. */
export type Fate = 'kept' | 'stale' | 'duplicated' | 'stranded' | 'destroyed' | 'recovered' | 'unresolved' | 'refused' | 'phantom';

/** A planted write: when it was sent, committed and answered (ms), and by which server. `attempted` false: a row that nobody wrote. `sequence`: its place among the transactions of that server. */
export interface Write { readonly number: number; readonly fate: Fate; readonly attempted: boolean; readonly started: number; readonly committed: number; readonly ended: number; readonly server: '1' | '2'; readonly sequence: number }

/** A planted run of writes. The cut happens at `at`, within its span; `strays`: transactions on the old server, after all of these, that no ledger knows of; `updates`: acknowledged updates of registers there, after all of these, none unless given; `alone`: when its commits went on without the replica that they were to wait for. */
export interface Written { readonly writes: readonly Write[]; readonly cut: { readonly low: number; readonly high: number; readonly at: number }; readonly strays: number; readonly updates?: number; readonly alone: { readonly from: number; readonly to: number } | null }

const everyMs = 20;
const answeredBy: Readonly<Record<Fate, Outcome>> = {
  kept: 'acked', stale: 'acked', duplicated: 'acked', stranded: 'acked', destroyed: 'acked', recovered: 'indeterminate', unresolved: 'indeterminate', refused: 'refused', phantom: 'refused',
};
/** What is in the new primary in the end. */
export const inTheEnd: ReadonlySet<Fate> = new Set<Fate>(['kept', 'stale', 'duplicated', 'recovered', 'phantom']);
const rare: readonly Fate[] = ['stale', 'duplicated', 'recovered', 'unresolved', 'refused', 'phantom'];

/** A run of writes with a cut somewhere in it: losses near it on both sides, everything else anywhere. The new server takes over just after the cut, while the old one may go on. */
export function drawWrites(random: () => number): Written {
  const count = 100 + Math.floor(random() * 400);
  const low = everyMs * count * (0.4 + 0.3 * random());
  const high = low + 5 + random() * 60;
  const lossFrom = low - random() * 800;
  const lossTo = high + random() * 800;
  const lossy = random();
  const writes = Array.from({ length: count }, (_, index): Write => {
    const started = everyMs * index;
    const committed = started + 1 + random() * 8;
    const lost = started > lossFrom && started < lossTo && random() < lossy;
    const fate = lost ? (random() < 0.6 ? 'stranded' : 'destroyed') : random() < 0.15 ? rare[Math.floor(random() * rare.length)] as Fate : 'kept';
    return { number: index + 1, fate, attempted: fate !== 'phantom' || random() < 0.5, started, committed, ended: committed + random() * 8, server: started > high + 1 && !lost ? '2' : '1', sequence: 0 };
  });
  const strays = random() < 0.5 ? 0 : 1 + Math.floor(random() * 5);
  const at = low + random() * (high - low);
  const from = random() * everyMs * count;
  const alone = random() < 0.3 ? null : { from, to: random() < 0.3 ? Number.POSITIVE_INFINITY : from + random() * 2_000 };
  return { writes: inSequence(writes), cut: { low, high, at }, strays, alone };
}

/** Numbers the transactions of each server by commit; a write of which no server holds a trace took none. */
function inSequence(writes: readonly Write[]): Write[] {
  const last = { 1: 0, 2: 0 };
  return writes.map((write) => (inTheEnd.has(write.fate) || write.fate === 'stranded' ? { ...write, sequence: last[write.server] += 1 } : write));
}

/** The history such a run would leave: the ledger, reads through the app, the old side read before it rejoins, both read in the end. */
export function writesStory({ writes, cut, strays, alone }: Written, random: () => number): History {
  const end = everyMs * writes.length + 2_000;
  const entries: Entry[] = [{ kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: end, phase: 'heal' }, { kind: 'phase', at: end + 2_000, phase: 'rejoin' }, { kind: 'phase', at: end + 4_000, phase: 'reconcile' }];
  for (const { number, fate, attempted, started, ended, server, sequence } of writes) {
    const outcome = answeredBy[fate];
    if (attempted) entries.push(lookAs('write', 'planted', number - 1, started, ended, { op: `planted:${number}`, attempt: 1, outcome, server: outcome === 'acked' ? server : null, gtid: outcome === 'acked' && sequence > 0 ? `0-${server}-${sequence}` : null, servedBy: null }, outcome === 'acked'));
  }
  // Each stale write is missed by one read that began after its ack; reads at other times see what is there.
  for (let seq = 0, at = 500; at < end; seq += 1, at += 500 + 300 * random()) entries.push(readAt(writes, seq, at));
  const final = writes.filter(({ fate }) => inTheEnd.has(fate));
  const old = writes.filter(({ fate }) => inTheEnd.has(fate) || fate === 'stranded');
  const before = old.filter(({ server }) => server === '1');
  entries.push(
    census(end + 1_000, regions.old, before, positionOf(before, strays)), census(end + 1_100, regions.taking, final, positionOf(final, 0)),
    census(end + 5_000, regions.taking, final, positionOf(final, 0)), census(end + 5_100, regions.old, final, positionOf(final, 0)),
  );
  entries.push(...stateLooks(writes, alone, end, random));
  const probes = [{ ...watchedAs('state', 'server', 'server', 250), place: regions.old }, watchedAs('planted', 'ledger', 'write', everyMs), watchedAs('reads', 'reads', 'read', 500, { writer: 'planted' })];
  return historyOf({ probes, cut, entries });
}

function readAt(writes: readonly Write[], seq: number, at: number): Entry {
  const there = writes.filter(({ fate, committed }) => inTheEnd.has(fate) && fate !== 'phantom' && committed < at && fate !== 'stale');
  return lookAs('read', 'reads', seq, at, at + 5, { writer: 'planted', from: 1, numbers: rangesOf(there.map(({ number }) => number)), server: '1' });
}

/** Whether the old server's commit went on alone. */
export function isAlone({ server, committed }: Pick<Write, 'server' | 'committed'>, alone: Written['alone']): boolean {
  return server === '1' && alone !== null && committed >= alone.from && committed < alone.to;
}

/** What a write commits, and a server counts: all but those of which there is no row anywhere and never was. */
const commits: ReadonlySet<Fate> = new Set<Fate>(['kept', 'stale', 'duplicated', 'stranded', 'destroyed', 'recovered']);

/** Looks at the old server, each read at some moment within it: its state then, and what it had counted by then. */
function stateLooks(writes: readonly Write[], alone: Written['alone'], end: number, random: () => number): Entry[] {
  const counted = writes.filter(({ server, fate }) => server === '1' && commits.has(fate));
  // Half of the servers say that they count groups: what they counted is then no bound, though each of these groups is of one.
  const grouped = random() < 0.5 ? { grouped: true as const } : {};
  const looks: Entry[] = [];
  for (let seq = 0, started = 0; started < end; seq += 1, started += 100 + 300 * random()) {
    const [ended, read] = [started + 1 + 20 * random(), started + random()];
    const by = counted.filter(({ committed }) => committed <= read);
    const solo = by.filter((write) => isAlone(write, alone)).length;
    const acks = alone !== null && read >= alone.from && read < alone.to ? 'degraded' : 'in force';
    looks.push(lookAs('server', 'state', seq, started, ended, { server: '1', upS: Math.floor(read / 1_000), acks, waited: by.length - solo, alone: solo, ...grouped, connections: 10, refused: 0, open: 10, most: 100 }));
  }
  return looks;
}

/** Where a server stands, as MariaDB says it: the highest sequence of each server's transactions. */
function positionOf(rows: readonly Write[], strays: number): string {
  const highest = (server: string): number => rows.reduce((most, write) => (write.server === server ? Math.max(most, write.sequence) : most), 0);
  return [['1', highest('1') + strays] as const, ['2', highest('2')] as const].filter(([, sequence]) => sequence > 0).map(([server, sequence]) => `0-${server}-${sequence}`).join(',');
}

function census(at: number, region: string, rows: readonly Write[], state: string): Entry {
  const counts = Object.fromEntries(rows.filter(({ fate }) => fate === 'duplicated').map(({ number }) => [number, 2]));
  return lookAs('census', `census@${region}`, 0, at, at + 50, { region, server: region === regions.old ? '1' : '2', rows: { planted: { numbers: rangesOf(rows.map(({ number }) => number)), counts } }, position: state, state, checksum: region });
}

/** Ascending numbers as inclusive runs. */
function rangesOf(numbers: readonly number[]): Ranges {
  const runs: [number, number][] = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && last[1] === number - 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs;
}
