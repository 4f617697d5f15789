import type { Ruling } from '../../check.ts';
import type { lostUpdates } from '../../checks/lost-updates.ts';
import type { History } from '../../history.ts';
import { lookAs } from '../histories.ts';
import { letHappen, type Happening } from './settings.ts';

/** What is true of a planted run; `open`: of how many updates more nobody can know whether they were reverted. */
interface Facts { readonly reverted: readonly string[]; readonly conflicting: readonly string[]; readonly phantom: readonly string[]; readonly open: number | null }
interface Asked { readonly maxReverted?: number; readonly maxConflicting?: number }

/** Asks objectives just below, at and above the truth of a planted run, and of runs like it of which too little is known, and tells which are not ruled on as the truth demands. */
export function askUpdates(check: typeof lostUpdates, is: Facts, history: History, happenings: readonly Happening[]): { readonly planted: number; readonly misses: readonly string[] } {
  const [reverted, most, conflicting] = [is.reverted.length, is.reverted.length + (is.open ?? 0), is.conflicting.length];
  const objectives: Asked[] = [
    {}, ...around([reverted - 1, reverted, Math.floor((reverted + most) / 2), most - 1, most, most + 1]).map((maxReverted) => ({ maxReverted })),
    ...around([conflicting - 1, conflicting, conflicting + 1]).map((maxConflicting) => ({ maxConflicting })),
  ];
  const end = history.entries.at(-1)?.at ?? 0;
  // Acknowledged when the last census was over.
  const late = lookAs('update', 'a', happenings.length, end + 1_000, end + 1_010, { group: 'planted', slot: 0, value: `a:${happenings.length + 1}`, outcome: 'acked', server: '2', gtid: null, servedBy: null, found: null });
  const refused = happenings.map((one): Happening => (one.do === 'set' ? { ...one, told: 'refused', applied: false } : one));
  const nothing: Facts = { reverted: [], conflicting: [], phantom: [], open: 0 };
  const asked = [
    ...objectives.map((objective) => ({ history, is, known: true, objective })),
    ...objectives.slice(0, 3).map((objective) => ({ history: { ...history, entries: [...history.entries, late] }, is, known: false, objective })),
    ...[{}, { maxReverted: 0, maxConflicting: 0 }].map((objective) => ({ history: letHappen(refused, true).history, is: nothing, known: false, objective })),
  ];
  const misses = asked.flatMap(({ history: told, is: facts, known, objective }) => {
    const [{ ruling }, demanded] = [check.judge(told, objective), demandedOf(facts, known, objective)];
    return ruling === demanded ? [] : [`${JSON.stringify(objective)} ruled ${ruling} instead of ${demanded}`];
  });
  return { planted: asked.length, misses };
}

const around = (maxima: readonly number[]): number[] => [...new Set(maxima)].filter((max) => max >= 0);

function demandedOf({ reverted, conflicting, phantom, open }: Facts, known: boolean, { maxReverted, maxConflicting }: Asked): Ruling | 'measured' {
  const rulings: Ruling[] = [
    // Values that nobody can have written are forgiven by nothing.
    ...(phantom.length > 0 ? ['fail' as const] : []), ...(known ? [] : ['inconclusive' as const]),
    ...(maxReverted === undefined ? [] : [reverted.length > maxReverted ? 'fail' as const : reverted.length + (open ?? 0) <= maxReverted ? 'pass' as const : 'inconclusive' as const]),
    ...(maxConflicting === undefined ? [] : [conflicting.length > maxConflicting ? 'fail' as const : 'pass' as const]),
  ];
  return (['fail', 'inconclusive', 'pass'] as const).find((ruling) => rulings.includes(ruling)) ?? 'measured';
}
