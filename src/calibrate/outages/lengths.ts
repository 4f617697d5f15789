/** The shortest and the longest outage that is planted (ms). */
export const shortestMs = 200;
export const longestMs = 60_000;

/** A length between the shortest and `mostMs`, short ones more common than long (evenly spread on a logarithmic scale). */
export function drawLengthMs(random: () => number, mostMs: number = longestMs): number {
  return shortestMs * (mostMs / shortestMs) ** random();
}
