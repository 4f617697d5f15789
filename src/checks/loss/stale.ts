import { quantile, seconds } from '../../judge/bounds.ts';
import { samplesOf, type History } from '../../history.ts';
import { has, holds, type Taken } from './censuses.ts';
import { decidedBy, known, type Ledger, type Writer } from './ledger.ts';

/** Writes that were acked, missing from a read that began after the ack, and there in the end. `late`: seconds from the ack to the last read that missed it; p95 from 20 writes on. */
export interface Stale { readonly writes: number; readonly reads: number; readonly late: { readonly p50: number | null; readonly p95: number | null; readonly max: number | null } }

/** Holds every read against what had been acked when it began. What is lost is not stale. */
export function findStale(history: History, ledger: Ledger, final: Taken): Stale {
  const lateMs = new Map<string, number>();
  let reads = 0;
  const copies = new Set(history.run.probes.filter(({ kind }) => kind === 'copy').map(({ name }) => name)); // nobody reads these as the service
  for (const read of samplesOf(history, 'read')) {
    if (copies.has(read.probe)) continue;
    const writer = read.data && ledger.get(read.data.writer);
    if (!read.ok || !read.data || !writer) continue;
    reads += 1;
    for (const number of acksBefore(history, writer, read.data.from, read.started)) {
      if (holds(read.data.numbers, number) || !has(final.census, writer.name, number)) continue;
      lateMs.set(`${writer.name}:${number}`, read.started - decidedBy(history, writer, number).ended);
    }
  }
  const sorted = [...lateMs.values()].sort((a, b) => a - b);
  const say = (share: number, least: number) => (sorted.length >= least ? seconds(quantile(sorted, share) ?? 0) : null);
  return { writes: lateMs.size, reads, late: { p50: say(0.5, 1), p95: say(0.95, 20), max: say(1, 1) } };
}

function* acksBefore(history: History, writer: Writer, from: number, moment: number): Generator<number> {
  for (let number = Math.max(0, from); number <= writer.last; number += 1) {
    if (writer.known[number] === known.nothing) continue;
    const { started, ended } = decidedBy(history, writer, number);
    if (started >= moment) return; // a writer goes through its numbers in order: the rest began later still
    if (writer.known[number] === known.acked && ended < moment) yield number;
  }
}
