import type { Taken } from '../loss/censuses.ts';
import { heldIn, type Slot } from './slots.ts';

/** All that what stands in a slot builds on, as far as it is known. `broken`: the oldest of it took the place of something, and nobody was told of what; ms by when it had done so, null where the line is whole. */
export interface Line { readonly values: ReadonlySet<string>; readonly holds: string | null; readonly broken: number | null }

/** Follows a slot back from what one reading found in it: each value is met once. */
export function lineOf(slot: Slot, taken: Taken): Line {
  const [holds = null] = heldIn(taken, slot);
  const values = new Set<string>();
  let by = taken.ended;
  for (let value: string | null = holds; value !== null;) {
    if (values.has(value)) return { values, holds, broken: null };
    values.add(value);
    // It was there when an acknowledged update found it, and so was all that it builds on.
    const setting = slot.settings.get(value);
    if (setting?.outcome === 'acked') by = Math.min(by, setting.ended);
    const over = slot.over.get(value);
    if (over === undefined) return { values, holds, broken: by };
    value = over;
  }
  return { values, holds, broken: null };
}

/** What became of an acknowledged update, by the line that serves in the end. `undecided`: it may lie where the line is not known; `never read`: it was acknowledged only after the reading began. */
export type UpdateFate = 'kept' | 'reverted' | 'undecided' | 'never read';

/** Whether the value that stands in the end builds on this update. */
export function fateOf({ value, started, ended }: { readonly value: string; readonly started: number; readonly ended: number }, line: Line, final: Taken): UpdateFate {
  if (line.values.has(value)) return 'kept';
  if (ended > final.started) return 'never read';
  return line.broken !== null && started < line.broken ? 'undecided' : 'reverted';
}
