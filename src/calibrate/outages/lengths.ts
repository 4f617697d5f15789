/** The shortest and the longest outage that is planted (ms). */
export const shortestMs = 200;
export const longestMs = 60_000;

/** A length between `leastMs` and `mostMs` (`leastMs` where that is more), short ones more common than long (evenly spread on a logarithmic scale). */
export function drawLengthMs(random: () => number, mostMs: number = longestMs, leastMs: number = shortestMs): number {
  return leastMs * Math.max(1, mostMs / leastMs) ** random();
}
