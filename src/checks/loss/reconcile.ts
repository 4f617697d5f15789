import { markOf, marks, timeZero, type History } from '../../history.ts';
import { leadingFault } from '../../judge/looks.ts';
import { isActiveActive, type Place } from '../../topology.ts';
import { authorityOf, censusesIn, has, numbersOf, type Taken } from './censuses.ts';
import { decidedBy, known, readLedger, type Ledger, type Writer } from './ledger.ts';

/** What became of one write (semantics 5.2). `lost`: not everybody was read before the rejoin, so stranded or destroyed cannot be told. `never read`: acked after the last census began. */
export type Fate = 'kept' | 'stranded' | 'destroyed' | 'lost' | 'never read' | 'recovered' | 'unresolved' | 'refused' | 'phantom';

/** A write that was acked and is gone. `side`: of the cut, by when its ack came; null where no fault was proven. */
export interface Lost { readonly writer: Writer; readonly number: number; readonly fate: Fate; readonly side: 'before' | 'after' | null; readonly startedAt: number; readonly ackedAt: number; readonly server: string | null; readonly gtid: string | null }

/** The ledger held against what is in the databases. */
export interface Reckoning {
  readonly ledger: Ledger;
  readonly authority: Place;
  readonly final: Taken;
  /** Where both regions serve: the other's last reading, which must have a write, too, for it to be kept. */
  readonly beside: readonly Taken[];
  /** Every other reading there is: of all regions before anything rejoined, and of the other regions in the end. */
  readonly others: readonly Taken[];
  /** Every server was read before anything rejoined: only then is a write that nobody has known to be destroyed. */
  readonly readAll: boolean;
  readonly zero: { readonly low: number; readonly high: number } | null;
  readonly counts: Readonly<Record<Fate, number>>;
  readonly acked: number;
  readonly indeterminate: number;
  /** Rows that were never attempted, or refused, wherever they are. */
  readonly phantoms: readonly string[];
  /** Numbers with more rows than their attempts explain; and those that a retry explains. */
  readonly duplicated: number;
  readonly retried: number;
  readonly lost: readonly Lost[];
}

/** Holds the ledger against the databases; null where a region that serves in the end was never read. Linear in the writes. */
export function reconcile(history: History): Reckoning | null {
  const authority = authorityOf(history);
  const final = censusesIn(history, 'reconcile', authority).at(-1);
  const beside = isActiveActive(history.run.topology) ? history.run.topology.regions.flatMap(({ name }) => (name === authority ? [] : censusesIn(history, 'reconcile', name).at(-1) ?? [])) : [];
  if (!final || (isActiveActive(history.run.topology) && beside.length === 0)) return null;
  const others = [...censusesIn(history, 'heal'), ...censusesIn(history, 'reconcile').filter(({ census }) => census.region !== authority)];
  const readAll = everyoneRead(history);
  const fault = leadingFault(history);
  const zero = fault ? timeZero(history, fault.name) : null;
  const ledger = readLedger(history);
  const counts: Record<Fate, number> = { kept: 0, stranded: 0, destroyed: 0, lost: 0, 'never read': 0, recovered: 0, unresolved: 0, refused: 0, phantom: 0 };
  const lost: Lost[] = [];
  let [acked, indeterminate] = [0, 0];
  for (const writer of ledger.values()) {
    for (let number = 0; number <= writer.last; number += 1) {
      const state = writer.known[number];
      if (state === known.nothing) continue;
      if (state === known.acked) acked += 1;
      if (state === known.indeterminate) indeterminate += 1;
      const fate = fateOf(history, writer, number, { final, beside, others, readAll });
      counts[fate] += 1;
      if (fate === 'stranded' || fate === 'destroyed' || fate === 'lost') lost.push(describe(history, writer, number, fate, zero));
    }
  }
  const phantoms = phantomsOf(ledger, [final, ...others]);
  counts.phantom = phantoms.length;
  return { ledger, authority, final, beside, others, readAll, zero, counts, acked, indeterminate, phantoms, ...rowsBeyond(ledger, final), lost };
}

/** Whether each server's rows are known from before a rejoin could overwrite them. */
function everyoneRead(history: History): boolean {
  const early = censusesIn(history, 'heal');
  const late = markOf(history, marks.rejoined) ? [] : censusesIn(history, 'reconcile');
  return history.run.topology.regions.every(({ name }) => [...early, ...late].some(({ census }) => census.region === name));
}

/** What became of one attempted number. */
export function fateOf(history: History, writer: Writer, number: number, { final, beside, others, readAll }: Pick<Reckoning, 'final' | 'beside' | 'others' | 'readAll'>): Fate {
  const present = has(final.census, writer.name, number) && beside.every(({ census }) => has(census, writer.name, number));
  const elsewhere = () => (beside.length > 0 ? [final, ...others] : others).some(({ census }) => has(census, writer.name, number));
  switch (writer.known[number]) {
    case known.acked: {
      if (present) return 'kept';
      if (decidedBy(history, writer, number).ended > final.started) return 'never read';
      if (elsewhere()) return 'stranded';
      return readAll ? 'destroyed' : 'lost';
    }
    case known.indeterminate: return present ? 'recovered' : 'unresolved';
    default: return present || elsewhere() ? 'phantom' : 'refused';
  }
}

function describe(history: History, writer: Writer, number: number, fate: Fate, zero: Reckoning['zero']): Lost {
  const { started, ended, data } = decidedBy(history, writer, number);
  // The ack came when the look ended. While the fault was not yet seen to bite it counts as before the cut, and so for the RPO.
  const side = zero && (ended <= zero.high ? 'before' : 'after');
  return { writer, number, fate, side, startedAt: started, ackedAt: ended, server: data?.server ?? null, gtid: data?.gtid ?? null };
}

function phantomsOf(ledger: Ledger, readings: readonly Taken[]): string[] {
  const found = new Set<string>();
  for (const { census } of readings) {
    for (const [name, { numbers }] of Object.entries(census.rows)) {
      const attempted = ledger.get(name);
      for (const number of numbersOf(numbers)) if ((attempted?.known[number] ?? known.nothing) < known.indeterminate) found.add(`${name}:${number}`);
    }
  }
  return [...found];
}

function rowsBeyond(ledger: Ledger, { census }: Taken): { duplicated: number; retried: number } {
  let [duplicated, retried] = [0, 0];
  for (const [name, { counts }] of Object.entries(census.rows)) {
    for (const [number, rows] of Object.entries(counts)) {
      if (rows <= 1) continue;
      if (rows > (ledger.get(name)?.rows[Number(number)] ?? 0)) duplicated += 1;
      else retried += 1;
    }
  }
  return { duplicated, retried };
}
