/** Numbers in [0, 1) that follow from the seed alone: xorshift32 (Marsaglia 2003, "Xorshift RNGs"), seeded by FNV-1a of the text. */
export function makeRandom(seed: string): () => number {
  let state = hash(seed) || 1;
  const next = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  for (let warm = 0; warm < 8; warm += 1) next();
  return next;
}

/** FNV-1a, 32 bits, of a text's UTF-16 units (Fowler, Noll, Vo; offset basis 2166136261, prime 16777619). */
export function hash(text: string): number {
  let value = 2_166_136_261;
  for (let index = 0; index < text.length; index += 1) value = Math.imul(value ^ text.charCodeAt(index), 16_777_619);
  return value >>> 0;
}
