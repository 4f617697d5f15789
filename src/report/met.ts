import { timeZero, type FaultEntry, type History, type Sample } from '../history.ts';
import { errorKind } from './timeline.ts';

/** What one probe met while a fault bit: its looks that touch that time, the bad ones, and how often each kind of error, most frequent first. */
export interface Met { readonly probe: string; readonly looks: number; readonly bad: number; readonly errors: readonly (readonly [kind: string, times: number])[] }

/** Who saw a fault, and by which errors. `from`, `to`: ms since the start of the run, from its first certain bite to its heal. `beside`: other faults that bit in that time, for a look cannot tell them apart. */
export interface SeenBy { readonly from: number; readonly to: number; readonly beside: readonly string[]; readonly met: readonly Met[] }

/** What each probe met while a fault bit; null where the fault was not proven. The control path is none of them. */
export function seenBy(history: History, fault: string): SeenBy | null {
  const span = spanOf(history, fault);
  if (!span) return null;
  const beside = history.run.faults.map(({ name }) => name).filter((name) => {
    const other = name === fault ? null : spanOf(history, name);
    return other !== null && other.from < span.to && other.to > span.from;
  });
  const met = history.run.probes.filter(({ params, says }) => params['target'] !== 'control' && says !== 'census' && says !== 'server').map(({ name }) => metBy(history, name, span));
  return { ...span, beside, met: met.filter(({ looks }) => looks > 0) };
}

function spanOf(history: History, fault: string): { readonly from: number; readonly to: number } | null {
  const zero = timeZero(history, fault);
  if (!zero) return null;
  const healing = history.entries.find((entry): entry is FaultEntry => entry.kind === 'fault' && entry.name === fault && entry.state === 'healing');
  return { from: zero.high, to: healing?.at ?? Number.MAX_SAFE_INTEGER };
}

function metBy(history: History, probe: string, { from, to }: { readonly from: number; readonly to: number }): Met {
  const looks = history.entries.filter((entry): entry is Sample => entry.kind === 'sample' && entry.probe === probe && entry.ended > from && entry.started < to);
  const bad = looks.filter(({ ok }) => !ok);
  const errors = [...Map.groupBy(bad, errorKind)].map(([kind, all]) => [kind, all.length] as const).sort((a, b) => b[1] - a[1]);
  return { probe, looks: looks.length, bad: bad.length, errors };
}
