import { lineOf, type Line } from './lines.ts';
import type { Reverted, Updates } from './reckon.ts';
import type { Setting, Slot } from './slots.ts';

/** An update as reports list it. `ackedAt`: ms since the start of the run. */
export interface ToldUpdate { readonly value: string; readonly ackedAt: number; readonly server: string | null }
/** An update that was taken away. `still`: the regions whose database was seen to hold it, or what builds on it. `after`: what serves there in the end. */
export interface RevertedUpdate extends ToldUpdate { readonly group: string; readonly slot: number; readonly gtid: string | null; readonly after: string | null; readonly still: readonly string[] }
/** Two updates that took the place of one value. `ends`: what each region holds in the end, and which of the two that builds on. */
export interface ConflictingUpdates { readonly group: string; readonly slot: number; readonly over: string | null; readonly values: readonly [ToldUpdate, ToldUpdate]; readonly ends: readonly { readonly region: string; readonly holds: string | null; readonly buildsOn: readonly string[] }[] }

/** What the finding of `lost-updates` carries beside its measures. */
export interface Details {
  readonly authority: string;
  readonly reverted: readonly RevertedUpdate[];
  readonly conflicting: readonly ConflictingUpdates[];
  /** How many there are in all: no more than so many are listed. */
  readonly revertedInAll: number;
  readonly conflictingInAll: number;
  readonly phantoms: readonly string[];
  readonly refused: number;
  readonly undecided: number;
  readonly neverRead: number;
  /** Slots in which the databases differ in the end, or of which an update was taken away. */
  readonly slots: readonly { readonly group: string; readonly slot: number; readonly reverted: number; readonly setBack: boolean; readonly holds: readonly { readonly region: string; readonly value: string | null }[] }[];
}

/** No more of anything than this is listed. */
export const listedUpdates = 1_000;

const told = ({ value, ended, server }: Setting): ToldUpdate => ({ value, ackedAt: ended, server });

/** What reports draw of a reckoning. */
export function describe(updates: Updates): Details {
  const standing = new Map(updates.endings.map(({ slot, holds }) => [slot, holds.find(({ region }) => region === updates.authority)?.value ?? null]));
  const lines = new Map<Slot, readonly { readonly region: string; readonly line: Line }[]>();
  const linesOf = (slot: Slot) => {
    const known = lines.get(slot) ?? updates.ends.map((taken) => ({ region: taken.census.region, line: lineOf(slot, taken) }));
    lines.set(slot, known);
    return known;
  };
  return {
    authority: updates.authority,
    reverted: updates.reverted.slice(0, listedUpdates).map(({ slot: { group, slot }, setting, still, slot: whole }: Reverted): RevertedUpdate => ({ ...told(setting), group, slot, gtid: setting.gtid, after: standing.get(whole) ?? null, still })),
    conflicting: updates.conflicts.slice(0, listedUpdates).map(({ slot, over, first, second }): ConflictingUpdates => ({
      group: slot.group, slot: slot.slot, over, values: [told(first), told(second)],
      ends: linesOf(slot).map(({ region, line }) => ({ region, holds: line.holds, buildsOn: [first, second].flatMap(({ value }) => (line.values.has(value) ? [value] : [])) })),
    })),
    revertedInAll: updates.reverted.length, conflictingInAll: updates.conflicts.length, phantoms: updates.phantoms.slice(0, listedUpdates),
    refused: updates.refused, undecided: updates.counts.undecided, neverRead: updates.counts['never read'],
    slots: updates.endings.filter(({ differs, reverted }) => differs || reverted > 0).slice(0, listedUpdates).map(({ slot: { group, slot }, holds, reverted, setBack }) => ({ group, slot, reverted, setBack, holds })),
  };
}
