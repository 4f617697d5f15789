import { primaryOf } from '../../topology.ts';
import { marks, samplesOf, type History } from '../../history.ts';
import { censusesIn, has, numbersOf, type Taken } from './censuses.ts';
import { countGtids, includesGtid, readGtids, sayRuns, subtract } from './gtid-sets.ts';
import { known } from './ledger.ts';
import type { Reckoning } from './reconcile.ts';

/** The databases' own account of what the old primary has and the new one has not, beside the ledger's. Counts of transactions and writes. */
export interface Errant {
  readonly errant: number;
  /** Stranded writes, and those of them whose GTID lies in the errant ones. */
  readonly stranded: number;
  readonly strandedInErrant: number;
  /** Indeterminate writes that are on the old primary only: they explain errant transactions, too. */
  readonly indeterminateOnOld: number;
  /** Acknowledged updates of registers whose GTID lies in the errant ones: they explain them as writes do. */
  readonly updates: number;
  /** Errant transactions less all that explains them: above zero are other transactions, below zero nothing explains. */
  readonly differs: number;
  readonly ranges: readonly string[];
}

/** Cross-checks stranded writes with GTIDs; a text says why it cannot be done. Both servers must have been read before the rejoin, for that makes them one again. */
export function findErrant(history: History, reckoning: Reckoning): Errant | string {
  const oldRegion = primaryOf(history.run.topology).name;
  // A replica that lags lacks transactions of a primary that still is one: nothing errant about that.
  if (!history.entries.some((entry) => entry.kind === 'mark' && (entry.what === marks.promoted || entry.what === marks.switchedOver))) return 'no other database was made the primary';
  const read = censusesIn(history, 'heal');
  const old = read.findLast(({ census }) => census.region === oldRegion);
  const current = read.findLast(({ census }) => census.region !== oldRegion) ?? (reckoning.authority === oldRegion ? undefined : reckoning.final);
  if (!old) return `${oldRegion} was not read before it rejoined`;
  if (!current) return 'the new primary was not read before the old one rejoined';
  const [had, held] = [readGtids(old.census.state), readGtids(current.census.state)];
  if (!had || !held || had.size === 0) return 'the servers told no GTIDs that can be compared';
  const beyond = subtract(had, held);
  const errant = countGtids(beyond);
  const stranded = reckoning.lost.filter(({ fate }) => fate === 'stranded');
  const updates = samplesOf(history, 'update').filter(({ data }) => data?.outcome === 'acked' && data.gtid !== null && includesGtid(beyond, data.gtid)).length;
  const indeterminateOnOld = countIndeterminate(reckoning, old, current);
  return {
    errant, stranded: stranded.length, strandedInErrant: stranded.filter(({ gtid }) => gtid !== null && includesGtid(beyond, gtid)).length, indeterminateOnOld, updates,
    differs: errant - stranded.length - indeterminateOnOld - updates, ranges: sayRuns(beyond),
  };
}

function countIndeterminate({ ledger }: Reckoning, old: Taken, current: Taken): number {
  let count = 0;
  for (const [name, { numbers }] of Object.entries(old.census.rows)) {
    const writer = ledger.get(name);
    for (const number of numbersOf(numbers)) if (writer?.known[number] === known.indeterminate && !has(current.census, name, number)) count += 1;
  }
  return count;
}
