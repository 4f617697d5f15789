import type { Looked } from './looks.ts';

/** The bad looks of an outage: the place of the first among all looks, when the last began, and when the earliest to end ended (ms). */
export interface Bad { readonly first: number; readonly lastStarted: number; readonly firstEnded: number }

/**
 * How long an outage can have been at most (ms): O1.ended - L0.started, where all good looks before had been answered before any bad one began, and all after began when one had ended.
 * It was up at some moment of a good look. One that overlaps all bad looks may have been answered before the outage or after it: a look that is sent again finds the way
 * back while one that began later still waits. The longest of both is the bound. `looks` by start; `back`: the place of the first good look that lasted. Null where no good look came surely before.
 */
export function mostMs(looks: readonly Looked[], { first, lastStarted, firstEnded }: Bad, back: number): number | null {
  const either: Looked[] = [];
  let before: Looked | null = null; // surely answered before, the last of them by start: what began earlier bounds no better
  for (let index = first - 1; index >= 0 && !before; index -= 1) {
    const look = looks[index] as Looked;
    if (look.ok && look.ended <= lastStarted) before = look;
    else if (look.ok) either.unshift(look);
  }
  if (!before) return null;
  let after: Looked | null = null;
  for (let index = back; index < looks.length && !after && looks[index]?.ok; index += 1) {
    const look = looks[index] as Looked;
    if (look.started >= firstEnded) after = look;
    else either.push(look);
  }
  // Who was answered before: nobody of them, the first, the first two, and so on. Each time it lay between the latest start of those and the earliest end of the rest.
  const ends = [...either, ...(after ? [after] : [])].map(({ ended }) => ended);
  for (let index = ends.length - 2; index >= 0; index -= 1) ends[index] = Math.min(ends[index] as number, ends[index + 1] as number);
  const starts = [before, ...either].map(({ started }) => started);
  return Math.max(...ends.map((end, index) => end - (starts[index] as number)));
}
