/** How often it is looked whether this process stood still (ms). A stall that is told may have been longer by so much: it is late only from when the next look was due. */
export const delayGrainMs = 20;

/** The longest stall of a process. `look` is to be called every `delayGrainMs`; `longest` gives the longest since it was last asked (ms), also of one that has only just ended. */
export interface Stalls { look(): void; longest(): number }

/** Keeps account of stalls. (Node's `monitorEventLoopDelay` forgets one that ends as it is reset, which is when a stall makes the asking late.) `now`: a clock in ms. */
export function makeStalls(now: () => number): Stalls {
  let last = now();
  let most = 0;
  const look = (): void => {
    const at = now();
    most = Math.max(most, at - last - delayGrainMs);
    last = at;
  };
  return {
    look,
    longest() {
      look();
      const told = most;
      most = 0;
      return told;
    },
  };
}
