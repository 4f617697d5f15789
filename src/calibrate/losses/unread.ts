import type { dataLoss } from '../../checks/data-loss.ts';
import type { Entry, History, Sample } from '../../history.ts';
import { regions } from '../histories.ts';
import { isLost, type Written } from './writes.ts';

/** Takes readings, or the fault, out of a planted history, and tells where the check still says what nobody can know without. */
export function askUnread(check: typeof dataLoss, { writes, modelled }: Written, history: History): { readonly planted: number; readonly misses: readonly string[] } {
  const lost = writes.filter(isLost).length;
  const serving = modelled?.back ? regions.old : regions.taking;
  const last = history.entries.filter((entry) => entry.kind === 'phase').at(-1)?.at ?? 0;
  const without = (gone: (entry: Entry) => boolean): History => ({ ...history, entries: history.entries.filter((entry) => !gone(entry)) });
  const other = (entry: Entry) => regionOf(entry) !== null && regionOf(entry) !== serving;
  const rejoined: Entry = { kind: 'mark', at: last - 1_000, who: 'pilot', what: 'rejoined', subject: serving, errorMs: 0, evidence: {} };
  const early = without((entry) => other(entry) && entry.at < last);
  // Stranded writes are known for such where any reading that is left has them; of all others nobody knows whether a server did.
  const destroyed = writes.filter(({ fate }) => fate === 'destroyed').length;
  const fates = (strandedSeen: boolean) => ((strandedSeen ? destroyed : lost) > 0 ? ['loss.stranded', 'loss.destroyed'] : []);
  const kinds: readonly (readonly [what: string, History, unknowable: readonly string[] | 'all'])[] = [
    ['nobody read what serves in the end', without((entry) => regionOf(entry) === serving && entry.at >= last), 'all'],
    ['only what serves was read', without(other), fates(modelled?.back === true)],
    ['the other was read only when it had rejoined', { ...early, entries: [...early.entries, rejoined].sort((a, b) => a.at - b.at) }, fates(modelled?.back === true || modelled?.whole === false)],
    ['no fault was seen', without(({ kind }) => kind === 'fault'), lost > 0 ? ['loss.rpo', 'loss.afterCut', 'loss.afterCut.span'] : []],
  ];
  const misses = kinds.flatMap(([what, told, unknowable]) => {
    const { ruling, measures } = check.judge(told, { maxLost: lost });
    const said = measures.filter(({ name, value }) => value !== null && (unknowable === 'all' || unknowable.includes(name))).map(({ name, value }) => `${what}, and ${name} is said to be ${value}`);
    const sum = measures.find(({ name }) => name === 'loss.lost')?.value;
    return [...said, ...(unknowable === 'all' ? ruling === 'inconclusive' ? [] : [`${what}, ruled ${ruling}`] : sum === lost ? [] : [`${what}, and ${sum} lost instead of ${lost}`])];
  });
  return { planted: kinds.length, misses };
}

/** The region of a census. */
function regionOf(entry: Entry): string | null {
  return entry.kind === 'sample' && entry.says === 'census' ? (entry as Sample<'census'>).data?.region ?? null : null;
}
