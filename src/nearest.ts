/** The known word that was probably meant: the one with the fewest slips, if they are few for its length; null for none. Case does not count. */
export function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map((candidate) => ({ candidate, slips: slipsBetween(word.toLowerCase().slice(0, 80), candidate.toLowerCase()) }))
    .sort((a, b) => a.slips - b.slips);
  const best = ranked[0];
  return best && best.slips <= Math.max(1, Math.floor(best.candidate.length / 3)) ? best.candidate : null;
}

/** `did you mean "x"? There are: ...`, or the list alone where nothing is near. */
export function suggest(word: string, known: readonly string[], there = 'there are'): string {
  const meant = nearest(word, known);
  const list = known.length === 0 ? `${there} none` : `${there}: ${known.join(', ')}`;
  return meant === null ? list : `did you mean "${meant}"? ${list}`;
}

/** Insertions, deletions, replacements and swaps of neighbours that lead from one word to the other (optimal string alignment distance). */
function slipsBetween(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const same = a[row - 1] === b[column - 1];
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (last[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (same ? 0 : 1),
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = last;
    last = current;
  }
  return last[b.length] ?? 0;
}
