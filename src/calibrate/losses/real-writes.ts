import type { Direct } from '../../agent/direct.ts';
import type { Entry, History } from '../../history.ts';
import type { CensusSeen, Lineage, UpdateSeen } from '../../seen.ts';
import type { Atlas } from '../../world.ts';
import { accounts } from '../../providers/embedded/database.ts';
import { historyOf, lookAs, regions, watchedAs } from '../histories.ts';
import type { TrueSetting, Truth } from './settings.ts';
import { serverOf, type Server, type TwoServers } from './two-servers.ts';
import type { Fate, Write, Written } from './writes.ts';

/** What was truly done to two real servers, and the history that the shipped instruments left of it. */
export interface RealWrites { readonly history: History; readonly written: Written; readonly truth: Truth }

/** Looks as the agent's own code makes them. */
type MakeDirect = (atlas: Atlas) => Direct;

const [writer, group, slots] = ['planted', 'registers', 4];
/** How long a client waits that is to be answered, and one that is to go without an answer (ms). */
const patientMs = 20_000;
const hastyMs = 250;

/** One story under way: what has been done so far. */
interface Tale { readonly two: TwoServers; readonly direct: Direct; readonly now: () => number; readonly entries: Entry[]; readonly writes: Write[]; readonly settings: TrueSetting[]; readonly holds: { readonly 1: Map<number, readonly string[]>; readonly 2: Map<number, readonly string[]> }; apart: boolean; reads: number }

/**
 * Writes into a real primary and its replica by the agent's own means, and sees to it that some of it is lost, doubled, left in doubt, taken back or late, one by
 * one, so that the truth about each is known; then reads both. Rejects where something could not be planted.
 */
export async function writeReally(make: MakeDirect, two: TwoServers, random: () => number): Promise<RealWrites> {
  const [{ old, taking, words }, zero] = [two, performance.now()];
  const direct = make({ service: '', servicePort: 1, nameservers: {}, from: '127.0.0.1', parts: { [`${regions.old}/database`]: `127.0.0.1:${old.port}`, [`${regions.taking}/database`]: `127.0.0.1:${taking.port}` }, database: { ...accounts.app, schema: accounts.schema } });
  const tale: Tale = { two, direct, now: () => performance.now() - zero, entries: [{ kind: 'phase', at: 0, phase: 'baseline' }], writes: [], settings: [], holds: { 1: new Map(), 2: new Map() }, apart: false, reads: 0 };
  const phase = (name: 'heal' | 'reconcile') => tale.entries.push({ kind: 'phase', at: tale.now(), phase: name });
  try {
    for (const act of shuffled(before, random)) await act(tale, random);
    // What is written from here on no replica gets; the cut that counts comes after the first of it.
    await keep(tale);
    await inStep(tale);
    await taking.ask(words.cutOff);
    tale.apart = true;
    for (let count = 3 + Math.floor(random() * 10); count > 0; count -= 1) await write(tale, 'old', 'stranded');
    const low = tale.now();
    await pause(2 + 10 * random());
    const at = tale.now();
    await pause(2 + 10 * random());
    const high = tale.now();
    await write(tale, 'old', 'stranded');
    await taking.ask(`${words.promote} ${words.open}`);
    for (const act of shuffled(after, random)) await act(tale, random);
    const strays = 1 + Math.floor(random() * 4);
    for (let count = 0; count < strays; count += 1) await old.ask(`REPLACE INTO pilot VALUES (1, 'nobody', ${count});`);
    for (const name of ['heal', 'reconcile'] as const) {
      phase(name);
      for (const region of [regions.old, regions.taking]) await readAll(tale, region);
    }
    const { entries, writes, settings, holds } = tale;
    const updates = settings.filter(({ server, told, started }) => server === '1' && told === 'acked' && started > low).length;
    const probes = [watchedAs(writer, 'ledger', 'write', 20), watchedAs('reads', 'reads', 'read', 500, { writer }), ...['a', 'b'].map((name) => watchedAs(name, 'registers', 'update', 20, { slots, as: group }))];
    return { history: historyOf({ probes, cut: { low, high }, entries }), written: { writes: inSequence(writes), cut: { low, high, at }, strays, updates, alone: null }, truth: { settings, holds, seen: toldIn(entries) } };
  } finally {
    direct.close();
  }
}

type Act = (tale: Tale, random: () => number) => Promise<unknown>;

const before: readonly (readonly [number, Act])[] = [
  [40, (tale) => keep(tale)],
  [20, (tale, random) => set(tale, 'old', Math.floor(random() * slots))],
  [4, (tale) => double(tale)],
  [3, (tale) => beRead(tale)],
  [3, (tale) => missRead(tale)],
  [3, (tale) => erase(tale, ['taking'])],
  [3, (tale) => erase(tale, ['old', 'taking'])],
  [3, (tale) => beRefused(tale)],
  [2, (tale, random) => set(tale, 'old', Math.floor(random() * slots), 'refused')],
  [2, (tale, random) => appearIn(tale, Math.floor(random() * slots))],
  [3, (tale) => appear(tale)],
  [2, (tale) => giveUp(tale, 'recovered')],
  [2, (tale) => giveUp(tale, 'unresolved')],
];

const after: readonly (readonly [number, Act])[] = [
  [15, (tale) => write(tale, 'taking', 'kept')],
  [15, (tale) => write(tale, 'old', 'stranded')],
  [10, (tale, random) => set(tale, 'old', Math.floor(random() * slots))],
  [8, (tale, random) => set(tale, 'taking', Math.floor(random() * slots))],
  [2, (tale) => erase(tale, ['old'])],
];

function shuffled(acts: readonly (readonly [number, Act])[], random: () => number): Act[] {
  return acts.flatMap(([times, act]) => Array.from({ length: times }, () => act)).map((act) => ({ act, at: random() })).sort((a, b) => a.at - b.at).map(({ act }) => act);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
const aimAt = (region: string) => ({ place: region, part: 'database' } as const);

/** One write by the agent's means; what truly becomes of it is the caller's to see to. */
async function write({ direct, entries, writes, now }: Tale, region: 'old' | 'taking', fate: Fate, waitMs = patientMs): Promise<number> {
  const number = writes.length + 1;
  const started = now();
  const seen = await direct.append(aimAt(region), { writer, number, attempt: 1 }, AbortSignal.timeout(waitMs));
  const ended = now();
  entries.push(lookAs('write', writer, number - 1, started, ended, seen, seen.outcome === 'acked'));
  writes.push({ number, fate, attempted: true, started, committed: ended, ended, server: region === 'old' ? '1' : '2', sequence: 0 });
  return number;
}

const keep = (tale: Tale): Promise<number> => write(tale, 'old', 'kept');

async function double(tale: Tale): Promise<void> {
  await putRow(tale, await write(tale, 'old', 'duplicated'));
}

/** A row that no client wrote. */
async function putRow({ two }: Tale, number: number): Promise<void> {
  await two.old.ask(`INSERT INTO orders (writer, number, attempt, served_by, at) VALUES ('${writer}', ${number}, 1, 'nobody', 0);`);
}

/** A row takes the place of a write that was refused, or of none at all. */
async function appear(tale: Tale): Promise<void> {
  if (tale.writes.length % 2 === 0) { await putRow(tale, await beRefused(tale, 'phantom')); return; }
  const number = tale.writes.length + 1;
  await putRow(tale, number);
  const at = tale.now();
  tale.writes.push({ number, fate: 'phantom', attempted: false, started: at, committed: at, ended: at, server: '1', sequence: 0 });
}

async function beRefused(tale: Tale, fate: 'refused' | 'phantom' = 'refused'): Promise<number> {
  const { old, words } = tale.two;
  await old.ask(words.shut);
  try { return await write(tale, 'old', fate); } finally { await old.ask(words.open); }
}

/** A client that waits behind a lock until its time is up; what it asked for is then done, or killed. */
async function giveUp(tale: Tale, fate: 'recovered' | 'unresolved'): Promise<void> {
  const { old } = tale.two;
  await keep(tale); // over a connection that stands: what waits behind the lock is the write
  const undo = await old.lock();
  try {
    await write(tale, 'old', fate, hastyMs);
    const waiting = await writing(old);
    if (waiting === undefined) throw new Error('the write did not wait behind the lock');
    if (fate === 'unresolved') await old.ask(`KILL ${waiting};`);
    while (fate === 'unresolved' && await writing(old) !== undefined) await pause(5);
  } finally { await undo(); }
  while (await writing(old) !== undefined) await pause(5);
}

/** The number of the session that is writing, if one is. */
async function writing(server: Server): Promise<string | undefined> {
  const sessions = await server.ask('SHOW FULL PROCESSLIST;');
  return sessions.find(([, user, , , , , , info]) => user === accounts.app.user && info?.startsWith('INSERT'))?.[0];
}

/** An acknowledged write is taken out of databases in which it stood, past their logs; a replica has had it first. */
async function erase(tale: Tale, from: readonly ('old' | 'taking')[]): Promise<void> {
  const number = await write(tale, 'old', from.includes('old') ? 'destroyed' : 'stranded');
  if (!tale.apart) await inStep(tale);
  const { words: { open, shut } } = tale.two;
  for (const region of from) {
    const gone = `SET SESSION sql_log_bin = 0; DELETE FROM orders WHERE writer = '${writer}' AND number = ${number};`;
    await serverOf(tale.two, regions[region]).ask(region === 'old' ? gone : `${open} ${gone} ${shut}`);
  }
}

async function beRead(tale: Tale): Promise<void> {
  await inStep(tale);
  await readNumbers(tale);
}

/** A write that a reader of the replica does not find, while that applies nothing. */
async function missRead(tale: Tale): Promise<void> {
  const { taking, words } = tale.two;
  await inStep(tale);
  await taking.ask(words.holdApplying);
  await write(tale, 'old', 'stale');
  await pause(2);
  await readNumbers(tale);
  await taking.ask(words.goOnApplying);
}

async function readNumbers(tale: Tale): Promise<void> {
  const { direct, entries, now } = tale;
  const started = now();
  const seen = await direct.read(aimAt(regions.taking), writer, 1, AbortSignal.timeout(patientMs));
  entries.push(lookAs('read', 'reads', tale.reads, started, now(), seen, true));
  tale.reads += 1;
}

async function inStep({ two: { old, taking, words } }: Tale): Promise<void> {
  const [[position = ''] = []] = await old.ask(words.position);
  const [[waited] = []] = await taking.ask(words.waited(position));
  if (waited !== '0') throw new Error(`the replica did not reach ${position}: ${waited}`);
}

/** One update of a register by the agent's means; whoever writes on the server that takes over is another writer. */
async function set({ direct, entries, settings, holds, now, apart, two: { old, words } }: Tale, region: 'old' | 'taking', slot: number, told: 'acked' | 'refused' = 'acked'): Promise<void> {
  const [name, server] = region === 'old' ? ['a', '1'] as const : ['b', '2'] as const;
  if (told === 'refused') await old.ask(words.shut);
  const started = now();
  const seen: UpdateSeen = await direct.update(aimAt(region), { group, slot, writer: name, number: settings.length + 1 }, AbortSignal.timeout(patientMs));
  const ended = now();
  if (told === 'refused') await old.ask(words.open);
  entries.push(lookAs('update', name, settings.length, started, ended, seen, seen.outcome === 'acked'));
  const list = holds[server].get(slot) ?? [];
  settings.push({ value: seen.value, writer: name, slot, server, told, over: list.at(-1) ?? null, started, ended });
  if (told === 'acked') for (const one of apart ? [server] : ['1', '2'] as const) holds[one].set(slot, [...list, seen.value]);
}

/** A value that was refused stands in a slot all the same. */
async function appearIn(tale: Tale, slot: number): Promise<void> {
  const { settings, holds, two: { old } } = tale;
  await set(tale, 'old', slot, 'refused');
  const { value } = settings.at(-1) as TrueSetting;
  await old.ask(`INSERT INTO registers (name, slot, value, served_by, at) VALUES ('${group}', ${slot}, '${value}', 'nobody', 0) ON DUPLICATE KEY UPDATE before_value = over_value, over_value = value, value = '${value}', served_by = 'nobody', at = 0;`);
  for (const one of ['1', '2'] as const) holds[one].set(slot, [...holds[one].get(slot) ?? [], value]);
}

async function readAll({ two, entries, now }: Tale, region: string): Promise<void> {
  const started = now();
  const census = await two.engine.census.takeCensus((place, sql) => serverOf(two, place).ask(sql), region);
  entries.push(lookAs('census', `census@${region}`, 0, started, now(), { region, ...census } satisfies CensusSeen, true));
}

/** The transactions of the first server in their order: all but those that left none. */
function inSequence(writes: readonly Write[]): Write[] {
  let last = 0;
  return writes.map((one) => (one.server === '1' && !['refused', 'unresolved', 'phantom'].includes(one.fate) ? { ...one, sequence: last += 1 } : one));
}

/** Every value that an update found, or that a database told of. */
function toldIn(entries: readonly Entry[]): Set<string> {
  const lineages = entries.flatMap((entry): Lineage[] => {
    if (entry.kind !== 'sample' || !entry.data) return [];
    if (entry.says === 'update') return [(entry.data as UpdateSeen).found ?? []];
    return entry.says === 'census' ? Object.values((entry.data as CensusSeen).registers ?? {}).flatMap((held) => Object.values(held)) : [];
  });
  return new Set(lineages.flat().filter((value) => value !== null));
}
