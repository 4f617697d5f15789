import type { History } from '../../history.ts';
import { authorityOf, censusesIn, type Taken } from '../loss/censuses.ts';
import { conflictsIn, type Conflict } from './conflicts.ts';
import { fateOf, lineOf, type Line, type UpdateFate } from './lines.ts';
import { heldIn, readings, readSlots, type Setting, type Slot } from './slots.ts';

/** An acknowledged update on which the value that serves in the end does not build. `still`: regions in which a reading found it, or what builds on it. */
export interface Reverted { readonly slot: Slot; readonly setting: Setting; readonly still: readonly string[] }

/** A slot in the end: what each region's database holds in it. `setBack`: what serves in the end had been acknowledged before an update that is gone was even asked for. */
export interface Ending { readonly slot: Slot; readonly holds: readonly { readonly region: string; readonly value: string | null }[]; readonly differs: boolean; readonly reverted: number; readonly setBack: boolean }

/** Everything that was asked of registers, held against what the databases hold in the end. */
export interface Updates {
  readonly authority: string;
  readonly acked: number;
  readonly refused: number;
  readonly indeterminate: number;
  readonly counts: Readonly<Record<UpdateFate, number>>;
  readonly reverted: readonly Reverted[];
  readonly conflicts: readonly Conflict[];
  readonly endings: readonly Ending[];
  /** The last reading of each region. */
  readonly ends: readonly Taken[];
  /** Values in a database, or found by an update, that nobody can have written. */
  readonly phantoms: readonly string[];
}

/** Holds every update against the databases; a text says why it cannot be done. Linear in the updates. */
export function reckonUpdates(history: History): Updates | string {
  const authority = authorityOf(history);
  const final = censusesIn(history, 'reconcile', authority).at(-1);
  if (!final) return `no census of ${authority}, which serves in the end, was taken after the writers were stopped`;
  if (!final.census.registers) return `the census of ${authority} tells of no registers: its database has no such table`;
  const ends = lastOfEach(censusesIn(history, 'reconcile'));
  const all = readings(history);
  const slots = [...readSlots(history).values()].sort((a, b) => (a.group === b.group ? a.slot - b.slot : a.group < b.group ? -1 : 1));
  const counts: Record<UpdateFate, number> = { kept: 0, reverted: 0, undecided: 0, 'never read': 0 };
  const reverted: Reverted[] = [];
  const endings: Ending[] = [];
  for (const slot of slots) {
    const line = lineOf(slot, final);
    const gone = ackedIn(slot).filter((setting) => {
      const fate = fateOf(setting, line, final);
      counts[fate] += 1;
      return fate === 'reverted';
    });
    const lines = gone.length === 0 ? [] : all.map((taken) => ({ region: taken.census.region, line: lineOf(slot, taken) }));
    reverted.push(...gone.map((setting): Reverted => ({ slot, setting, still: [...new Set(lines.flatMap(({ region, line: { values } }) => (values.has(setting.value) ? [region] : [])))] })));
    endings.push(endingOf(slot, ends, line, gone));
  }
  const settings = slots.flatMap((slot) => [...slot.settings.values()]);
  const count = (outcome: Setting['outcome']) => settings.filter((setting) => setting.outcome === outcome).length;
  return {
    authority, acked: count('acked'), refused: count('refused'), indeterminate: count('indeterminate'), counts, endings, ends,
    reverted: reverted.sort((a, b) => a.setting.ended - b.setting.ended), conflicts: slots.flatMap(conflictsIn).sort((a, b) => a.second.ended - b.second.ended),
    phantoms: slots.flatMap((slot) => [...slot.told].filter((value) => (slot.settings.get(value)?.outcome ?? 'refused') === 'refused')),
  };
}

function ackedIn({ settings }: Slot): Setting[] {
  return [...settings.values()].filter(({ outcome }) => outcome === 'acked');
}

function lastOfEach(taken: readonly Taken[]): Taken[] {
  return [...new Map(taken.map((one) => [one.census.region, one])).values()];
}

function endingOf(slot: Slot, ends: readonly Taken[], { holds: value }: Line, gone: readonly Setting[]): Ending {
  const holds = ends.flatMap((taken) => (taken.census.registers ? [{ region: taken.census.region, value: heldIn(taken, slot)[0] ?? null }] : []));
  const standing = value === null ? null : slot.settings.get(value);
  // Whatever nobody heard the end of may have come later than all that was acknowledged.
  const before = standing === null ? Number.NEGATIVE_INFINITY : standing?.outcome === 'acked' ? standing.ended : Number.POSITIVE_INFINITY;
  return { slot, holds, differs: new Set(holds.map((one) => one.value)).size > 1, reverted: gone.length, setBack: gone.some(({ started }) => started > before) };
}
