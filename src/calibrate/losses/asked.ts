import type { Ruling } from '../../check.ts';
import type { dataLoss } from '../../checks/data-loss.ts';
import type { History } from '../../history.ts';
import { rpoOf, spanOf, type Open } from './cuts.ts';
import { acked, endOf, isLost, lookAt, writesStory, type Write, type Written } from './writes.ts';

/** What is asked of a run; `maxRpo` in ms. */
interface Asked { readonly maxLost?: number; readonly maxRpo?: number }

/** Nothing is asked so near to a bound (ms) that it could be rounded away: measures are said to the millisecond. */
const clearMs = 2;

/** Asks objectives just below, at and above the truth of a planted run, and of runs like it of which too little is known, and tells which are not ruled on as the truth demands. */
export function askLosses(check: typeof dataLoss, written: Written, history: History, random: () => number): { readonly planted: number; readonly misses: readonly string[] } {
  const misses: string[] = [];
  let planted = 0;
  const ask = (told: History, of: Written, known: boolean, asked: Asked): void => {
    planted += 1;
    const demanded = demandedOf(of, known, asked);
    const { ruling } = check.judge(told, asked);
    if (ruling !== demanded) misses.push(`${JSON.stringify(asked)} ruled ${ruling} instead of ${demanded}`);
  };
  for (const asked of objectivesOf(written)) ask(history, written, isKnown(written), asked);
  const late: Write = { number: written.writes.length + 1, fate: 'stranded', attempted: true, started: endOf(written.writes) + 6_000, committed: 0, ended: endOf(written.writes) + 6_010, server: '1', sequence: 0 };
  const unknown: readonly (readonly [Written, History])[] = [
    [written, { ...history, entries: [...history.entries, lookAt(late)] }], // acknowledged when the last census was over
    ...[hush(written, 0), hush(written, written.cut.low - 1_100)].map((quiet) => [quiet, writesStory(quiet, random)] as const),
  ];
  for (const [of, told] of unknown) {
    const lost = of.writes.filter(isLost).length;
    for (const asked of [{}, { maxLost: lost }, ...(lost > 0 ? [{ maxLost: lost - 1 }] : [])]) ask(told, of, false, asked);
  }
  return { planted, misses };
}

/** The same run, but nothing was acknowledged from a moment to the cut; after it nothing either where that is from the beginning. */
function hush(written: Written, from: number): Written {
  const to = from === 0 ? Number.POSITIVE_INFINITY : written.cut.low + 1;
  return { ...written, writes: written.writes.map((write) => (acked.has(write.fate) && write.ended >= from && write.ended <= to ? { ...write, fate: 'refused', sequence: 0 } : write)) };
}

/** Whether anything was acknowledged in the last second before the cut: otherwise a loss could not show. */
function isKnown({ writes, cut }: Written): boolean {
  return writes.some(({ fate, ended }) => acked.has(fate) && ended <= cut.low && ended >= cut.low - 1_000);
}

/** Objectives of either kind, below, at and above the truth, and inside of what the span of the cut leaves open. */
function objectivesOf({ writes, cut }: Written): Asked[] {
  const lost = writes.filter(isLost).length;
  const open = [rpoOf(writes, cut), spanOf(writes, cut)];
  const times = open.flatMap(({ low, high, look }) => [low - look - clearMs, low, low + clearMs, (low + high) / 2, high - clearMs, high + look + clearMs]).map(Math.round);
  return [{}, ...[lost - 1, lost, lost + 1].filter((max) => max >= 0).map((maxLost) => ({ maxLost })), ...[...new Set(times)].filter((max) => max >= 0 && open.every((one) => rulingOf(one, max) !== null)).map((maxRpo) => ({ maxRpo }))];
}

function demandedOf({ writes, cut }: Written, known: boolean, { maxLost, maxRpo }: Asked): Ruling | 'measured' {
  const lost = writes.filter(isLost).length;
  const rulings: (Ruling | null)[] = [
    // Rows that nobody wrote are forgiven by nothing.
    ...(writes.some(({ fate }) => fate === 'phantom' || fate === 'duplicated') ? ['fail' as const] : []), ...(known ? [] : ['inconclusive' as const]),
    ...(maxLost === undefined ? [] : [lost > maxLost ? 'fail' as const : 'pass' as const]), ...(maxRpo === undefined ? [] : [rpoOf(writes, cut), spanOf(writes, cut)].map((one) => rulingOf(one, maxRpo))),
  ];
  return (['fail', 'inconclusive', 'pass'] as const).find((ruling) => rulings.includes(ruling)) ?? 'measured';
}

/** What a length demands that nobody can know better than to the span of the cut: null where it depends on when in its look the ack came, or on roundings. */
function rulingOf({ low, high, look }: Open, max: number): Ruling | null {
  if (low === 0 && high === 0 && look === 0) return 'pass';
  if (max <= low - look - clearMs / 2) return 'fail';
  if (max >= high + look + clearMs / 2) return 'pass';
  return max >= low + clearMs / 2 && max <= high - clearMs / 2 || low === 0 && max <= high - clearMs / 2 ? 'inconclusive' : null;
}
