import { samplesOf, type History, type Sample } from '../../history.ts';
import type { Lineage, Outcome, UpdateSeen } from '../../seen.ts';
import { censusesIn, type Taken } from '../loss/censuses.ts';

/** One attempt to set a slot, as its client knows it. */
export interface Setting { readonly value: string; readonly writer: string; readonly outcome: Outcome; readonly started: number; readonly ended: number; readonly server: string | null; readonly gtid: string | null }

/** Everything that was asked of one slot, and what each value took the place of, as far as anybody was told (null: of nothing). */
export interface Slot { readonly group: string; readonly slot: number; readonly settings: Map<string, Setting>; readonly over: Map<string, string | null>; readonly told: Set<string> }

/** Every slot that anybody set, or that holds anything, by group and number. */
export type Slots = ReadonlyMap<string, Slot>;

/**
 * Reads out of a history who set which slot, and what each value took the place of. The one who set a value was told that first-hand; a row that holds it
 * is asked for values whose own writer was told nothing.
 */
export function readSlots(history: History): Slots {
  const slots = new Map<string, Slot>();
  const of = (group: string, slot: number): Slot => {
    const key = keyOf(group, slot);
    let found = slots.get(key);
    if (!found) slots.set(key, found = { group, slot, settings: new Map(), over: new Map(), told: new Set() });
    return found;
  };
  const samples = samplesOf(history, 'update');
  const attempts = samples.map((sample) => attemptOf(history, sample));
  samples.forEach(({ started, ended }, index) => {
    const { group, slot: number, value, outcome, server, gtid, found } = attempts[index] as UpdateSeen;
    const slot = of(group, number);
    slot.settings.set(value, { value, writer: value.slice(0, value.lastIndexOf(':')), outcome, started, ended, server, gtid });
    const [over] = found ?? [];
    if (over !== undefined) slot.over.set(value, over);
  });
  for (const { group, slot, found } of attempts) learn(of(group, slot), found ?? []);
  for (const { census } of readings(history)) eachLineage(census.registers, (group, slot, lineage) => learn(of(group, slot), lineage));
  return slots;
}

/** Where a slot is found among others. */
export function keyOf(group: string, slot: number): string {
  return `${slot} ${group}`;
}

/** Every reading of the databases after the break: of all before anything rejoined, and in the end. */
export function readings(history: History): Taken[] {
  return [...censusesIn(history, 'heal'), ...censusesIn(history, 'reconcile')];
}

/** What stands in a slot by one reading, newest first; `[null]` where nobody had set it. */
export function heldIn({ census }: Taken, { group, slot }: Pick<Slot, 'group' | 'slot'>): Lineage {
  const held = census.registers && Object.hasOwn(census.registers, group) ? census.registers[group] : undefined;
  return held && Object.hasOwn(held, slot) ? held[slot] ?? [null] : [null];
}

function eachLineage(registers: Taken['census']['registers'], see: (group: string, slot: number, lineage: Lineage) => void): void {
  for (const [group, slots] of Object.entries(registers ?? {})) for (const [slot, lineage] of Object.entries(slots)) see(group, Number(slot), lineage);
}

function learn({ over, told }: Slot, lineage: Lineage): void {
  lineage.forEach((value, index) => {
    if (value === null) return;
    told.add(value);
    const next = lineage[index + 1];
    if (next !== undefined && !over.has(value)) over.set(value, next);
  });
}

/** What an attempt was, also where the look told nothing: it then follows from the probe's own round of slots, and its outcome is not known. */
function attemptOf(history: History, { probe, seq, data }: Sample<'update'>): UpdateSeen {
  if (data) return data;
  const { as, slots } = (history.run.probes.find(({ name }) => name === probe)?.params ?? {}) as { readonly as?: string; readonly slots?: number };
  return { group: as ?? probe, slot: seq % (slots ?? 1), value: `${probe}:${seq + 1}`, outcome: 'indeterminate', server: null, gtid: null, servedBy: null, found: null };
}
