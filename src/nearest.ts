import distance from 'damerau-levenshtein';

/** The known word that was probably meant: the one with the fewest slips, if they are few for its length; null for none. Case does not count. */
export function nearest(word: string, known: readonly string[]): string | null {
  const ranked = known
    .map((candidate) => ({ candidate, slips: distance(word.toLowerCase().slice(0, 80), candidate.toLowerCase()).steps }))
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
