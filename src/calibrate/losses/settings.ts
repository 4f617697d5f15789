import type { Entry, History } from '../../history.ts';
import type { CensusSeen, Lineage, Outcome } from '../../seen.ts';
import { historyOf, lookAs, regions, watchedAs } from '../histories.ts';

/** What happens to registers: a writer sets a slot on a server (`told`: what it hears; `applied` false: nothing came of it), or a server takes a slot over from the other as it is there. */
export type Happening =
  | { readonly do: 'set'; readonly writer: 'a' | 'b'; readonly slot: number; readonly server: '1' | '2'; readonly told: Outcome; readonly applied: boolean; readonly before: number; readonly after: number }
  | { readonly do: 'copy'; readonly slot: number; readonly to: '1' | '2' };

/** A setting as it truly was. `over`: what it took the place of; `listed`: somebody was told of its value. */
export interface TrueSetting { readonly value: string; readonly writer: string; readonly slot: number; readonly server: string; readonly told: Outcome; readonly over: string | null; readonly started: number; readonly ended: number }

/** What truly is: every setting, and for each server and slot all that its value builds on, oldest first, which no database keeps. `seen`: values that anybody was told of; `placed`: those of which anybody was told what they took the place of, where that is known. */
export interface Truth { readonly settings: readonly TrueSetting[]; readonly holds: Readonly<Record<'1' | '2', ReadonlyMap<number, readonly string[]>>>; readonly seen: ReadonlySet<string>; readonly placed?: ReadonlySet<string> }

/** ms from one happening to the next. */
export const apartMs = 10;
/** How many slots a writer goes round. */
const slotsIn = 4;
/** What a row remembers: its value and the two before it. */
const remembered = 3;

/** Lets things happen one after another to two servers that forget nothing, and tells the history that clients and databases with the memory of a row leave. The second server serves in the end. */
export function letHappen(happenings: readonly Happening[], rejoined: boolean): { readonly history: History; readonly truth: Truth } {
  const holds = { 1: new Map<number, readonly string[]>(), 2: new Map<number, readonly string[]>() };
  const settings: TrueSetting[] = [];
  const entries: Entry[] = [];
  const [seen, placed] = [new Set<string>(), new Set<string>()];
  const tell = (list: readonly string[]): Lineage => {
    const lineage = [...list].reverse();
    const told = lineage.length < remembered ? [...lineage, null] : lineage.slice(0, remembered);
    for (const value of told) if (value !== null) seen.add(value);
    for (const value of told.slice(0, -1)) if (value !== null) placed.add(value);
    return told;
  };
  happenings.forEach((one, index) => {
    if (one.do === 'copy') { holds[one.to].set(one.slot, holds[one.to === '1' ? '2' : '1'].get(one.slot) ?? []); return; }
    const { writer, slot, server, told, applied, before, after } = one;
    const [at, value] = [apartMs * (index + 1), `${writer}:${index + 1}`];
    const list = holds[server].get(slot) ?? [];
    if (applied) holds[server].set(slot, [...list, value]);
    settings.push({ value, writer, slot, server, told, over: list.at(-1) ?? null, started: at - before, ended: at + after });
    const acked = told === 'acked';
    const look = lookAs('update', writer, index, at - before, at + after, { group: 'planted', slot, value, outcome: told, server: acked ? server : null, gtid: null, servedBy: null, found: acked ? tell([...list, value]).slice(1) : null }, acked);
    // Of some of those that nobody heard the end of the look came back with nothing at all: its slot is then that of the probe's round.
    entries.push(told === 'indeterminate' && slot === index % slotsIn ? { ...look, data: null } as Entry : look);
  });
  const end = apartMs * (happenings.length + 1) + 1_000;
  const census = (at: number, region: string, server: '1' | '2'): Entry => {
    const planted = Object.fromEntries([...holds[server]].filter(([, list]) => list.length > 0).map(([slot, list]) => [slot, tell(list)]));
    const registers: CensusSeen['registers'] = Object.keys(planted).length === 0 ? {} : { planted };
    return lookAs('census', `census@${region}`, 0, at, at + 50, { region, server, rows: {}, registers, position: '', state: '', checksum: region });
  };
  entries.push(
    { kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: end, phase: 'heal' }, { kind: 'phase', at: end + 2_000, phase: 'rejoin' }, { kind: 'phase', at: end + 4_000, phase: 'reconcile' },
    census(end + 1_000, regions.old, '1'), census(end + 1_100, regions.taking, '2'), census(end + 5_000, regions.taking, '2'), census(end + 5_100, regions.old, rejoined ? '2' : '1'),
  );
  const probes = ['a', 'b'].map((name) => watchedAs(name, 'registers', 'update', apartMs, { slots: slotsIn, as: 'planted' }));
  return { history: historyOf({ probes, cut: { low: end / 2, high: end / 2 + 50 }, entries }), truth: { settings, holds, seen, placed } };
}

/** A run with a cut somewhere in it: before it the second server takes over what the first does, but for the last few; after it the first goes on for a while, and the second serves. */
export function drawHappenings(random: () => number): Happening[] {
  const count = 100 + Math.floor(random() * 300);
  const [cut, lag, ends] = [count * (0.4 + 0.3 * random()), 1 + Math.floor(random() * 12), count * (0.7 + 0.3 * random())];
  const both = random() < 0.3; // two primaries that take over from each other, now and then
  const happenings: Happening[] = [];
  const waiting: number[] = [];
  for (let index = 0; index < count; index += 1) {
    const slot = Math.floor(random() * slotsIn);
    const writer = random() < 0.5 ? 'a' as const : 'b' as const;
    const server = both ? (writer === 'a' ? '2' : '1') : index < cut || (writer === 'b' && index < ends) ? '1' : '2';
    const told = random() < 0.85 ? 'acked' as const : random() < 0.5 ? 'indeterminate' as const : 'refused' as const;
    happenings.push({ do: 'set', writer, slot, server, told, applied: told === 'acked' || (told === 'indeterminate' ? random() < 0.5 : random() < 0.02), before: 1 + random() * 25, after: 1 + random() * 25 });
    if (both) { if (random() < 0.4) happenings.push({ do: 'copy', slot, to: random() < 0.5 ? '1' : '2' }); continue; }
    if (index >= cut) continue;
    waiting.push(slot);
    if (waiting.length > lag) happenings.push({ do: 'copy', slot: waiting.shift() as number, to: '2' });
  }
  return happenings;
}
