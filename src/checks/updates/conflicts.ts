import type { Setting, Slot } from './slots.ts';

/** Two acknowledged updates of different writers that took the place of one and the same value on different servers: neither can have seen the other. */
export interface Conflict { readonly slot: Slot; readonly over: string | null; readonly first: Setting; readonly second: Setting }

/** Finds them in one slot: a value can be replaced once on a server, so whoever finds it again elsewhere has not seen its successor. Linear in the updates, for of each value's successors one a server and writer is held against the next. */
export function conflictsIn(slot: Slot): Conflict[] {
  const after = new Map<string | null, Setting[]>();
  const found: Conflict[] = [];
  const acked = [...slot.settings.values()].filter(({ outcome, server }) => outcome === 'acked' && server !== null).sort((a, b) => a.ended - b.ended);
  for (const setting of acked) {
    const over = slot.over.get(setting.value);
    if (over === undefined) continue;
    const others = after.get(over) ?? [];
    if (others.length === 0) after.set(over, others);
    const first = others.find((other) => other.server !== setting.server && other.writer !== setting.writer);
    if (first) found.push({ slot, over, first, second: setting });
    if (!others.some((other) => other.server === setting.server && other.writer === setting.writer)) others.push(setting);
  }
  return found;
}
