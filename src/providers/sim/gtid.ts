import type { Lineage, Update, Write } from '../../seen.ts';

/** One transaction of a binary log: a row that is inserted, a register that is set, or, with neither, the pilot's own. */
export interface Txn { readonly server: number; readonly seq: number; readonly write: Write | null; readonly set?: Setting }

/** A register as a transaction leaves it, with all that stood there before it, newest first: a replica takes it over as it is, as a row of a binary log is. */
export interface Setting { readonly update: Update; readonly lineage: Lineage }

interface Log { readonly log: readonly Txn[] }

/** A transaction's name, as MariaDB writes it: domain, server, sequence. */
export function sayGtid(txn: Txn): string {
  return `0-${txn.server}-${txn.seq}`;
}

/** Where a log ends; empty for an empty one. */
export function positionOf({ log }: Log): string {
  const last = log.at(-1);
  return last ? sayGtid(last) : '';
}

/** The last transaction of each server in the log, as MariaDB's gtid_binlog_state lists them. */
export function stateOf({ log }: Log): string {
  const last = new Map<number, Txn>();
  for (const txn of log) last.set(txn.server, txn);
  return [...last.values()].sort((a, b) => a.server - b.server).map(sayGtid).join(',');
}
