import type { History, Sample } from '../history.ts';
import { attemptOf, type Writer } from './loss/ledger.ts';
import { fateOf, reconcile, type Reckoning } from './loss/reconcile.ts';

/** The ledger as JSON lines, an attempt each with what became of its write (`class`; null where the databases were not read), then the rows nobody wrote. Times in ms since the start of the run; `rows` where more than one is there. */
export function* ledgerLines(history: History): Generator<string> {
  const reckoning = reconcile(history);
  for (const entry of history.entries) {
    if (entry.kind !== 'sample' || entry.says !== 'write') continue;
    const sample = entry as Sample<'write'>;
    const { writer, number, attempt, outcome, server, gtid, servedBy } = attemptOf(sample);
    const fate = reckoning ? fateOf(history, reckoning.ledger.get(writer) as Writer, number, reckoning) : null;
    const rows = reckoning && Object.hasOwn(reckoning.final.census.rows, writer) ? reckoning.final.census.rows[writer]?.counts[number] : undefined;
    yield JSON.stringify({ op: `${writer}:${number}`, attempt, place: sample.place, startedAt: sample.started, endedAt: sample.ended, outcome, class: fate, cut: sideOf(sample, reckoning), server, gtid, servedBy, error: sample.error, ...(rows === undefined ? {} : { rows }) });
  }
  for (const op of reckoning?.phantoms ?? []) if (!attempted(reckoning as Reckoning, op)) yield JSON.stringify({ op, outcome: null, class: 'phantom' });
}

function sideOf({ ended, data }: Sample<'write'>, reckoning: Reckoning | null): 'before' | 'after' | null {
  if (!reckoning?.zero || data?.outcome !== 'acked') return null;
  return ended <= reckoning.zero.high ? 'before' : 'after';
}

function attempted({ ledger }: Reckoning, op: string): boolean {
  const colon = op.lastIndexOf(':');
  return (ledger.get(op.slice(0, colon))?.known[Number(op.slice(colon + 1))] ?? 0) > 0;
}
