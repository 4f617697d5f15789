import { z } from 'zod';
import { counted, lasting, missing, ruleBy, seconds, worstOf, type Length } from '../judge/bounds.ts';
import type { Check, Finding, Measure, Ruling } from '../check.ts';
import { ms } from '../duration.ts';
import type { History } from '../history.ts';
import { isActiveActive } from '../topology.ts';
import { authorityOf, censusesIn } from './loss/censuses.ts';
import { degradedNames, describeDegraded, findDegraded, measureDegraded, type Degraded } from './loss/degraded.ts';
import type { Details, LostWrite } from './loss/details.ts';
import { findErrant } from './loss/gtids.ts';
import { reconcile, type Lost, type Reckoning } from './loss/reconcile.ts';
import { acksAtCut, countBeyondLoss, findOverlap } from './loss/servers.ts';
import { findStale, type Stale } from './loss/stale.ts';
import { sayLoss } from './loss/say.ts';

const objective = z.strictObject({ maxLost: z.int().min(0).optional(), maxRpo: ms().optional() });
type Objective = z.output<typeof objective>;

/** No more lost writes than these are listed. */
export const listedWrites = 1_000;

const names = ['loss.acked', 'loss.lost', 'loss.stranded', 'loss.destroyed', 'loss.recovered', 'loss.unresolved', 'loss.phantom', 'loss.duplicated', 'loss.stale', 'loss.rpo', 'loss.afterCut', 'loss.afterCut.span', 'loss.indeterminate', ...degradedNames] as const;

/** Which acknowledged writes are gone, on both sides of the cut, and every other way in which ledger and databases differ. */
export const dataLoss: Check<Objective> = {
  kind: 'data-loss',
  about: 'holds every write of the ledger against the databases: acknowledged writes that are lost, before and after the cut, and rows nobody wrote',
  measures: names,
  objective,
  judge(history, asked) {
    const reckoning = reconcile(history);
    if (!reckoning) return unread(history);
    const stale = findStale(history, reckoning.ledger, reckoning.final);
    const degraded = findDegraded(history);
    const measures = [...measure(reckoning, stale), ...measureDegraded(history, reckoning, degraded)];
    const details = describe(history, reckoning, stale, degraded);
    const ruling = rule(asked, reckoning, measures, details);
    return { ruling, because: sayLoss(reckoning, measures, details, asked), measures, details };
  },
};

function unread(history: History): Omit<Finding, 'check' | 'kind'> {
  const reason = isActiveActive(history.run.topology) ? 'not both databases were read after the writers were stopped' : `no census of ${authorityOf(history)}, which serves in the end, was taken after the writers were stopped`;
  const unit = (name: string) => (name === 'loss.rpo' || name.endsWith('.span') ? 's' : 'writes') as Measure['unit'];
  return { ruling: 'inconclusive', because: `What was lost is not known: ${reason}.`, measures: names.map((name) => missing(name, unit(name), reason)) };
}

function measure(reckoning: Reckoning, stale: Stale): Measure[] {
  const { counts, acked, indeterminate, lost, phantoms, duplicated } = reckoning;
  const all = acked + indeterminate + counts.refused;
  const of = (name: string, value: number, n = acked) => counted(name, 'writes', value, n);
  const told = counts.lost === 0;
  const fate = (name: string, value: number) => (told ? of(name, value) : missing(name, 'writes', `not every server was read before the rejoin: of ${counts.lost} lost writes nobody knows whether a server still had them`, acked));
  return [
    of('loss.acked', acked, all), of('loss.lost', lost.length), fate('loss.stranded', counts.stranded), fate('loss.destroyed', counts.destroyed),
    of('loss.recovered', counts.recovered, indeterminate), of('loss.unresolved', counts.unresolved, indeterminate),
    of('loss.phantom', phantoms.length, all), of('loss.duplicated', duplicated, all), of('loss.stale', stale.writes),
    ...sidesOf(reckoning), of('loss.indeterminate', indeterminate, all),
  ];
}

/** Decision 5: the loss before the cut in time, and the loss after it in count and span; never one without the other. */
function sidesOf({ lost, zero, acked }: Reckoning): Measure[] {
  if (!zero && lost.length > 0) {
    const reason = 'no fault was proven, so there is no cut to count from';
    return [missing('loss.rpo', 's', reason, acked), missing('loss.afterCut', 'writes', reason, acked), missing('loss.afterCut.span', 's', reason, acked)];
  }
  const cut = zero ?? { low: 0, high: 0 };
  const oldest = earliest(lost.filter(({ side }) => side === 'before'));
  const after = lost.filter(({ side }) => side === 'after');
  const newest = latest(lost.filter(({ ackedAt }) => ackedAt > cut.low));
  const none: Length = { value: 0, low: 0, high: 0 };
  const rpo: Length = oldest ? { value: Math.max(0, cut.low - oldest.ackedAt), low: Math.max(0, cut.low - oldest.ackedAt), high: Math.max(0, cut.high - oldest.startedAt) } : none;
  // What was acked before the fault was seen to bite counts as before the cut, and may yet have come after it.
  const span: Length = newest ? { value: newest.side === 'after' ? newest.ackedAt - cut.low : 0, low: Math.max(0, newest.startedAt - cut.high), high: newest.ackedAt - cut.low } : none;
  const [surely, perhaps] = [after.filter(({ startedAt }) => startedAt >= cut.high).length, lost.filter(({ ackedAt }) => ackedAt > cut.low).length];
  return [lasting('loss.rpo', rpo, acked), counted('loss.afterCut', 'writes', after.length, acked, surely, perhaps), lasting('loss.afterCut.span', span, after.length)];
}

function earliest(lost: readonly Lost[]): Lost | null {
  return lost.reduce<Lost | null>((first, write) => (!first || write.ackedAt < first.ackedAt ? write : first), null);
}

function latest(lost: readonly Lost[]): Lost | null {
  return lost.reduce<Lost | null>((last, write) => (!last || write.ackedAt > last.ackedAt ? write : last), null);
}

function describe(history: History, reckoning: Reckoning, stale: Stale, degraded: Degraded): Details {
  const { lost, counts, final, authority, phantoms, retried } = reckoning;
  const atCut = acksAtCut(history, reckoning);
  const writes = lost.slice(0, listedWrites).map(({ writer, number, ackedAt, server, gtid, fate, side }): LostWrite => ({ op: `${writer.name}:${number}`, ackedAt, server, gtid, class: fate, cut: side }));
  return {
    authority, writes, writesInAll: lost.length, phantoms: phantoms.slice(0, listedWrites), retried, neverRead: counts['never read'], refused: counts.refused,
    stale, errant: findErrant(history, reckoning), splitBrain: findOverlap(history, reckoning), beyondLoss: countBeyondLoss(history, reckoning),
    degraded: describeDegraded(degraded),
    atCut: atCut && { lastSecond: atCut.lastSecond, last: atCut.lastAckMs === null ? null : seconds(atCut.lastAckMs) },
    copies: censusesIn(history, 'reconcile').filter(({ census }) => census.region !== authority).map(({ census }) => ({ region: census.region, checksum: census.checksum, same: census.checksum === final.census.checksum })),
  };
}

function rule(asked: Objective, { lost, acked }: Reckoning, measures: readonly Measure[], details: Details): Ruling | 'measured' {
  const measureOf = (name: string) => measures.find((measure) => measure.name === name) as Measure;
  const rulings: Ruling[] = [];
  // A row nobody wrote: harness or database is broken, whatever was asked.
  if (details.phantoms.length > 0 || (measureOf('loss.duplicated').value ?? 0) > 0) rulings.push('fail');
  if (details.neverRead > 0 || acked === 0 || details.atCut?.lastSecond === 0) rulings.push('inconclusive');
  if (asked.maxLost !== undefined) rulings.push(lost.length > asked.maxLost ? 'fail' : 'pass');
  if (asked.maxRpo !== undefined) rulings.push(...['loss.rpo', 'loss.afterCut.span'].map((name) => ruleBy(measureOf(name), seconds(asked.maxRpo ?? 0))));
  return rulings.length === 0 ? 'measured' : worstOf(rulings);
}
