import type { Entry, History } from '../../history.ts';
import type { Outcome, Ranges, WriteSeen } from '../../seen.ts';
import { historyOf, lookAs, regions, watchedAs } from '../histories.ts';
import { drawDeath, stateLooks, type Span } from './state.ts';

/** What truly became of a planted write. `phantom`: a row of a write that was refused, or that nobody attempted. */
export type Fate = 'kept' | 'stale' | 'duplicated' | 'stranded' | 'destroyed' | 'recovered' | 'unresolved' | 'refused' | 'phantom';

/** A planted write: when it was sent, committed and answered (ms), and by which server. `attempted` false: a row that nobody wrote. `sequence`: its place among the transactions of that server; `onOld`: nobody heard the end of it, and its row is on the old server alone. */
export interface Write { readonly number: number; readonly fate: Fate; readonly attempted: boolean; readonly started: number; readonly committed: number; readonly ended: number; readonly server: '1' | '2'; readonly sequence: number; readonly onOld?: true }

/**
 * What only a modelled run knows. `reads`: when the service was asked for all numbers (ms); `dies`: when the old server was started again, and counted from nothing (ms);
 * `grouped`: that server says that it counts groups of commits; `back`: the service went back to the old server in the end; `whole`: what the other database holds in the end is all that the serving one does.
 */
export interface Modelled { readonly reads: readonly number[]; readonly dies: number | null; readonly grouped: boolean; readonly back: boolean; readonly whole: boolean }

/** A planted run of writes. The cut happens at `at`, within its span; `strays`: transactions on the old server, after all of these, that no ledger knows of; `updates`: acknowledged updates of registers there, after all of these, none unless given; `alone`: when its commits went on without the replica that they were to wait for. */
export interface Written { readonly writes: readonly Write[]; readonly cut: { readonly low: number; readonly high: number; readonly at: number }; readonly strays: number; readonly updates?: number; readonly alone: Span | null; readonly modelled?: Modelled }

const everyMs = 20;
const answeredBy: Readonly<Record<Fate, Outcome>> = {
  kept: 'acked', stale: 'acked', duplicated: 'acked', stranded: 'acked', destroyed: 'acked', recovered: 'indeterminate', unresolved: 'indeterminate', refused: 'refused', phantom: 'refused',
};
/** What is in the new primary in the end. */
export const inTheEnd: ReadonlySet<Fate> = new Set<Fate>(['kept', 'stale', 'duplicated', 'recovered', 'phantom']);
/** What a client was told to be committed, and what of that is gone. */
export const acked: ReadonlySet<Fate> = new Set<Fate>(['kept', 'stale', 'duplicated', 'stranded', 'destroyed']);
export const isLost = ({ fate }: Write): boolean => fate === 'stranded' || fate === 'destroyed';
/** What a write commits, and a server counts: all but those of which there is no row anywhere and never was. */
const commits: ReadonlySet<Fate> = new Set<Fate>(['kept', 'stale', 'duplicated', 'stranded', 'destroyed', 'recovered']);
const rare: readonly Fate[] = ['stale', 'duplicated', 'recovered', 'unresolved', 'refused', 'phantom'];
/** Without rows that nobody wrote, and without any row beyond its attempts, either of which no objective can forgive. */
const sound: readonly Fate[] = ['stale', 'recovered', 'unresolved', 'refused'];
const twice: readonly Fate[] = [...sound, 'duplicated'];
/** What else happens in a run, and how often. */
const oddities: readonly (readonly [odd: readonly Fate[], share: number])[] = [[rare, 0.3], [rare, 0.3], [twice, 0.15], [sound, 0.15]];

/** The writes that a server counts. */
export const committedIn = (writes: readonly Write[]): readonly Write[] => writes.filter(({ fate, onOld }) => commits.has(fate) || onOld);

/** A run of writes with a cut somewhere in it: losses near it on both sides, everything else anywhere. The new server takes over just after the cut, while the old one may go on; some losses end within its span. Half of the runs have rows that no attempt explains. */
export function drawWrites(random: () => number): Written {
  const count = 100 + Math.floor(random() * 400);
  const low = everyMs * count * (0.4 + 0.3 * random());
  const high = low + 5 + random() * 60;
  const lossFrom = low - random() * 800;
  const lossTo = random() < 0.3 ? low + random() * (high - low) : high + random() * 800;
  const lossy = random();
  const [odd, share] = oddities[Math.floor(random() * oddities.length)] as (typeof oddities)[number];
  const writes = Array.from({ length: count }, (_, index): Write => {
    const started = everyMs * index;
    const committed = started + 1 + random() * 8;
    const lost = started > lossFrom && started < lossTo && random() < lossy;
    const fate = lost ? (random() < 0.6 ? 'stranded' : 'destroyed') : random() < share ? odd[Math.floor(random() * odd.length)] as Fate : 'kept';
    const server = started > high + 1 && !lost ? '2' : '1';
    return { number: index + 1, fate, attempted: fate !== 'phantom' || random() < 0.5, started, committed, ended: committed + random() * 8, server, sequence: 0, ...(fate === 'unresolved' && server === '1' && random() < 0.5 ? { onOld: true } : {}) };
  });
  const strays = random() < 0.5 ? 0 : 1 + Math.floor(random() * 5);
  const at = low + random() * (high - low);
  const from = random() < 0.4 ? Math.max(0, low - random() * 1_000) : random() * everyMs * count;
  const alone = random() < 0.3 ? null : { from, to: random() < 0.3 ? Number.POSITIVE_INFINITY : from + random() * 2_000 };
  const end = endOf(writes);
  const reads: number[] = [];
  for (let read = 500; read < end; read += 500 + 300 * random()) reads.push(read);
  const modelled = { reads, dies: drawDeath(alone, end, random), grouped: random() < 0.5, back: random() < 0.3, whole: random() < 0.6 };
  return { writes: inSequence(writes), cut: { low, high, at }, strays, updates: Math.floor(random() * 3), alone, modelled };
}

/** When the writers are stopped and the break is over (ms). */
export function endOf(writes: readonly Write[]): number {
  return everyMs * writes.length + 2_000;
}

/** Numbers the transactions of each server by commit; a write of which no server holds a trace took none. */
function inSequence(writes: readonly Write[]): Write[] {
  const last = { 1: 0, 2: 0 };
  return writes.map((write) => (onOldServer(write) ? { ...write, sequence: last[write.server] += 1 } : write));
}

/** What the old server has that was cut off: what is there in the end, and what it alone has. */
const onOldServer = ({ fate, onOld }: Write): boolean => inTheEnd.has(fate) || fate === 'stranded' || onOld === true;

/** What the databases hold in the end: the serving one, and the other, which may lag behind it, or never have rejoined. */
export function rowsInTheEnd({ writes, modelled }: Written): { readonly serving: readonly Write[]; readonly other: readonly Write[] } {
  const serving = writes.filter(({ fate }) => inTheEnd.has(fate));
  if (modelled?.whole !== false) return { serving, other: serving };
  return { serving, other: modelled.back ? serving.slice(0, -5) : writes.filter(onOldServer) };
}

/** The history such a run would leave: the ledger, reads through the app, the old side read before it rejoins, both read in the end. */
export function writesStory(written: Written, random: () => number): History {
  const { writes, cut, strays, updates = 0, alone, modelled } = written;
  const { reads = [], dies = null, grouped = false, back = false } = modelled ?? {};
  const end = endOf(writes);
  const entries: Entry[] = [{ kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: end, phase: 'heal' }, { kind: 'phase', at: end + 2_000, phase: 'rejoin' }, { kind: 'phase', at: end + 4_000, phase: 'reconcile' }];
  for (const write of writes) if (write.attempted) entries.push(lookAt(write));
  // Each stale write is missed by every read that began after its ack; reads see all else that is there.
  reads.forEach((at, seq) => entries.push(readAt(writes, seq, at)));
  const { serving, other } = rowsInTheEnd(written);
  const before = writes.filter((write) => onOldServer(write) && write.server === '1');
  const last = before.at(-1)?.sequence ?? 0;
  entries.push(
    census(end + 1_000, regions.old, before, positionOf(before, strays + updates)), census(end + 1_100, regions.taking, serving, positionOf(serving, 0)),
    census(end + 5_000, back ? regions.old : regions.taking, serving, positionOf(serving, 0)), census(end + 5_100, back ? regions.taking : regions.old, other, positionOf(other, 0)),
    // Updates that the old server alone has, and one that only the new one has.
    ...Array.from({ length: updates }, (_, index) => updateAt(end - 500 + index, index, '1', last + index + 1)), updateAt(end - 400, updates, '2', 1),
  );
  if (back) entries.push({ kind: 'mark', at: end + 3_000, who: 'pilot', what: writes.length % 2 === 0 ? 'promoted' : 'switched over', subject: regions.old, errorMs: 0, evidence: {} });
  entries.push(...stateLooks(committedIn(writes), { alone, dies }, grouped, end, random));
  const probes = [{ ...watchedAs('state', 'server', 'server', 250), place: regions.old }, watchedAs('planted', 'ledger', 'write', everyMs), watchedAs('reads', 'reads', 'read', 500, { writer: 'planted' }), watchedAs('registers', 'registers', 'update', everyMs, { slots: 4, as: 'registers' })];
  return historyOf({ probes, cut, entries });
}

/** The GTID that the client of an acked write was told. */
export const gtidOf = ({ fate, server, sequence }: Write): string | null => (acked.has(fate) && sequence > 0 ? `0-${server}-${sequence}` : null);

/** One attempt as its client knows it. Of half of those that nobody heard the end of, the look came back with nothing at all. */
export function lookAt(write: Write): Entry {
  const { number, fate, started, ended, server } = write;
  const outcome = answeredBy[fate];
  const told = outcome === 'acked';
  const seen: WriteSeen = { op: `planted:${number}`, attempt: 1, outcome, server: told ? server : null, gtid: gtidOf(write), servedBy: null };
  const look = lookAs('write', 'planted', number - 1, started, ended, seen, told);
  return outcome === 'indeterminate' && number % 2 === 0 ? { ...look, data: null } as Entry : look;
}

function updateAt(at: number, seq: number, server: '1' | '2', sequence: number): Entry {
  return lookAs('update', 'registers', seq, at, at + 5, { group: 'registers', slot: seq % 4, value: `registers:${seq + 1}`, outcome: 'acked', server, gtid: `0-${server}-${sequence}`, servedBy: null, found: null });
}

function readAt(writes: readonly Write[], seq: number, at: number): Entry {
  const there = writes.filter(({ fate, committed }) => inTheEnd.has(fate) && fate !== 'phantom' && committed < at && fate !== 'stale');
  return lookAs('read', 'reads', seq, at, at + 5, { writer: 'planted', from: 1, numbers: rangesOf(there.map(({ number }) => number)), server: '1' });
}

/** Where a server stands, as MariaDB says it: the highest sequence of each server's transactions. */
function positionOf(rows: readonly Write[], strays: number): string {
  const highest = (server: string): number => rows.reduce((most, write) => (write.server === server ? Math.max(most, write.sequence) : most), 0);
  return [['1', highest('1') + strays] as const, ['2', highest('2')] as const].filter(([, sequence]) => sequence > 0).map(([server, sequence]) => `0-${server}-${sequence}`).join(',');
}

function census(at: number, region: string, rows: readonly Write[], state: string): Entry {
  const counts = Object.fromEntries(rows.filter(({ fate }) => fate === 'duplicated').map(({ number }) => [number, 2]));
  const numbers = rangesOf(rows.map(({ number }) => number));
  return lookAs('census', `census@${region}`, 0, at, at + 50, { region, server: region === regions.old ? '1' : '2', rows: { planted: { numbers, counts } }, position: state, state, checksum: JSON.stringify([numbers, counts]) });
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
