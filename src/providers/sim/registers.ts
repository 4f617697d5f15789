import type { CensusSeen, Update } from '../../seen.ts';
import type { Setting } from './gtid.ts';

/** The last setting of each slot, by group and slot. */
export type Registers = Map<string, Setting>;

/** What a register row remembers: its value and the two before it. */
const remembered = 3;

/** Where a slot is found among others. */
export function keyOf({ group, slot }: Update): string {
  return `${slot} ${group}`;
}

/** A slot set once more, after `last`. */
export function settingOf(update: Update, last: Setting | undefined): Setting {
  return { update, lineage: [`${update.writer}:${update.number}`, ...(last ? last.lineage.slice(0, remembered - 1) : [null])] };
}

/** Every slot, as a census says it. */
export function heldIn(registers: Registers): NonNullable<CensusSeen['registers']> {
  const groups: Record<string, Record<string, Setting['lineage']>> = {};
  for (const { update, lineage } of registers.values()) (groups[update.group] ??= {})[update.slot] = lineage;
  return groups;
}
