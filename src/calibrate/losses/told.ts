import type { Details } from '../../checks/loss/details.ts';
import { measureOf, type Judged } from './judged.ts';
import { acked, gtidOf, isLost, type Written } from './writes.ts';

/** In what ways what is told of lost writes, one by one, differs from what was planted, and so what the last acks before the cut leave room for. */
export function compareTold({ writes, cut, modelled }: Written, finding: Judged): string[] {
  const details = finding.details as Details;
  const lost = writes.filter(isLost);
  const told: (readonly [what: string, said: unknown, is: unknown])[] = [['lost, counted', measureOf(finding, 'loss.lost').value, lost.length], ['lost in all', details.writesInAll, lost.length]];
  if (modelled) {
    const before = writes.filter(({ fate, ended }) => acked.has(fate) && ended <= cut.low).map(({ ended }) => ended);
    const last = before.length === 0 ? null : Math.round(cut.low - Math.max(...before)) / 1_000;
    told.push(
      ['lost, one by one', details.writes.map(({ op, ackedAt, server, gtid }) => [op, ackedAt, server, gtid]), lost.map((write) => [`planted:${write.number}`, write.ended, write.server, gtidOf(write)])],
      ['at the cut', details.atCut, { lastSecond: before.filter((ended) => ended >= cut.low - 1_000).length, last }],
    );
  }
  return told.flatMap(([what, said, is]) => (JSON.stringify(said) === JSON.stringify(is) ? [] : [`${what} ${JSON.stringify(said)} instead of ${JSON.stringify(is)}`]));
}
