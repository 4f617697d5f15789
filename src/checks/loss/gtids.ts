import { primaryOf } from '../../topology.ts';
import type { History } from '../../history.ts';
import { censusesIn, has, numbersOf, type Taken } from './censuses.ts';
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
  /** Errant transactions less all writes that explain them: above zero are other transactions, below zero nothing explains. */
  readonly differs: number;
  readonly ranges: readonly string[];
}

/** A MariaDB position (`0-1-1234,0-2-1300`) as its highest sequence number by domain and server; null where it is not one. */
export function readGtids(state: string): Map<string, number> | null {
  const highest = new Map<string, number>();
  for (const part of state.split(',').map((piece) => piece.trim()).filter(Boolean)) {
    const [, domain, server, sequence] = /^(\d+)-(\d+)-(\d+)$/.exec(part) ?? [];
    if (sequence === undefined) return null;
    const key = `${domain}-${server}`;
    highest.set(key, Math.max(highest.get(key) ?? 0, Number(sequence)));
  }
  return highest;
}

/** Cross-checks stranded writes with GTIDs; a text says why it cannot be done. Both servers must have been read before the rejoin, for that makes them one again. */
export function findErrant(history: History, reckoning: Reckoning): Errant | string {
  const oldRegion = primaryOf(history.run.topology).name;
  const read = censusesIn(history, 'heal');
  const old = read.findLast(({ census }) => census.region === oldRegion);
  const current = read.findLast(({ census }) => census.region !== oldRegion) ?? (reckoning.authority === oldRegion ? undefined : reckoning.final);
  if (!old) return `${oldRegion} was not read before it rejoined`;
  if (!current) return 'the new primary was not read before the old one rejoined';
  const [had, has_] = [readGtids(old.census.state), readGtids(current.census.state)];
  if (!had || !has_ || had.size === 0) return 'the servers told no GTIDs that can be compared';
  const beyond = (key: string) => has_.get(key) ?? 0;
  const runs = [...had].filter(([key, sequence]) => sequence > beyond(key));
  const errant = runs.reduce((sum, [key, sequence]) => sum + sequence - beyond(key), 0);
  const stranded = reckoning.lost.filter(({ fate }) => fate === 'stranded');
  const inErrant = stranded.filter(({ gtid }) => {
    const [key, sequence] = [...(gtid === null ? [] : readGtids(gtid) ?? [])][0] ?? [];
    return key !== undefined && sequence !== undefined && sequence > beyond(key);
  });
  const indeterminateOnOld = countIndeterminate(reckoning, old, current);
  return {
    errant, stranded: stranded.length, strandedInErrant: inErrant.length, indeterminateOnOld,
    differs: errant - stranded.length - indeterminateOnOld, ranges: runs.map(([key, sequence]) => `${key}-${beyond(key) + 1}..${sequence}`),
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
