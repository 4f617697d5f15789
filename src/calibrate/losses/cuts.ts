import { measureOf, outside, type Judged } from './judged.ts';
import { isLost, type Write, type Written } from './writes.ts';

type Cut = Written['cut'];

/** A length of time in ms: what it is by the ack, which the client had when its look ended, at the earliest and at the latest moment at which the cut may have been; `look`: how long that look took. */
export interface Open { readonly low: number; readonly high: number; readonly look: number }

/** The time from the oldest lost write to the cut. */
export function rpoOf(writes: readonly Write[], cut: Cut): Open {
  return lengthOf(writes.filter(isLost).reduce<Write | null>((oldest, write) => (!oldest || write.ended < oldest.ended ? write : oldest), null), (ended) => ({ low: cut.low - ended, high: cut.high - ended }));
}

/** The time from the cut to the newest lost write. */
export function spanOf(writes: readonly Write[], cut: Cut): Open {
  return lengthOf(writes.filter(isLost).reduce<Write | null>((newest, write) => (!newest || write.ended > newest.ended ? write : newest), null), (ended) => ({ low: ended - cut.high, high: ended - cut.low }));
}

function lengthOf(write: Write | null, between: (ended: number) => { readonly low: number; readonly high: number }): Open {
  if (!write) return { low: 0, high: 0, look: 0 };
  const { low, high } = between(write.ended);
  return { low: Math.max(0, low), high: Math.max(0, high), look: write.ended - write.started };
}

/** The RPO as it is said. The cut lies anywhere in its span and the ack anywhere in its look: the bounds may be as wide as both together, and no wider. */
export function compareRpo(writes: readonly Write[], cut: Cut, finding: Judged): string[] {
  const oldest = Math.min(...writes.filter(isLost).map(({ ended }) => ended));
  const truth = oldest <= cut.at ? (cut.at - oldest) / 1_000 : 0;
  return outside(`an RPO of ${truth} s`, truth, measureOf(finding, 'loss.rpo'), widthOf(rpoOf(writes, cut), cut));
}

/** How long after the cut writes were still lost, as it is said: as wide as the RPO may be, for the same reason. */
export function compareSpan(writes: readonly Write[], cut: Cut, finding: Judged): string[] {
  const newest = Math.max(...writes.filter(isLost).map(({ ended }) => ended));
  const truth = newest > cut.at ? (newest - cut.at) / 1_000 : 0;
  return outside(`losses for ${truth} s after the cut`, truth, measureOf(finding, 'loss.afterCut.span'), widthOf(spanOf(writes, cut), cut));
}

function widthOf({ high, look }: Open, cut: Cut): number {
  return high === 0 ? look / 1_000 : (cut.high - cut.low + look) / 1_000;
}

/** How many were lost after the cut, as it is said: nobody can tell of those whose looks overlap the span of the cut, and of no others. */
export function compareSides(writes: readonly Write[], cut: Cut, finding: Judged): string[] {
  const lost = writes.filter(isLost);
  const truth = lost.filter(({ ended }) => ended > cut.at).length;
  return outside(`${truth} lost after the cut`, truth, measureOf(finding, 'loss.afterCut'), lost.filter(({ started, ended }) => ended > cut.low && started < cut.high).length, 0);
}
