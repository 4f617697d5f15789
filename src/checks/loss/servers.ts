import { seconds, type Length } from '../../judge/bounds.ts';
import { marks, markOf, phaseSpan, type History, type Sample } from '../../history.ts';
import { isActiveActive } from '../../topology.ts';
import { has } from './censuses.ts';
import { decidedBy, known } from './ledger.ts';
import type { Reckoning } from './reconcile.ts';

/** Two servers that both acknowledged writes: for how long, and how many the old one took meanwhile. Seconds. */
export interface Overlap { readonly old: string; readonly current: string; readonly value: number; readonly low: number; readonly high: number | null; readonly ackedByOld: number }

/** Finds split brain in the acks: from the first ack of a server that took over to the last of the one before it, up to the rejoin. Null where they did not overlap. */
export function findOverlap(history: History, { zero }: Reckoning): Overlap | null {
  // Where both take writes all the time, that two of them do is no split brain.
  if (!zero || isActiveActive(history.run.topology)) return null;
  const until = phaseSpan(history, 'rejoin')?.from ?? phaseSpan(history, 'fail back')?.from ?? Number.POSITIVE_INFINITY;
  const acks = history.entries.filter((entry): entry is Sample<'write'> => isAck(entry as Sample)).filter((ack) => ack.ended < until && ack.data?.server != null);
  const old = acks.findLast((ack) => ack.ended <= zero.low)?.data?.server;
  const first = acks.reduce<Sample<'write'> | null>((found, ack) => (ack.ended > zero.low && ack.data?.server !== old && (!found || ack.ended < found.ended) ? ack : found), null);
  if (old == null || !first) return null;
  const inside = acks.filter((ack) => ack.data?.server === old && ack.ended > first.ended);
  if (inside.length === 0) return null;
  const last = inside.reduce((latest, ack) => (ack.ended > latest.ended ? ack : latest));
  const length: Length = { value: last.ended - first.ended, low: Math.max(0, last.started - first.ended), high: last.ended - first.started };
  return { old, current: first.data?.server ?? '', value: seconds(length.value), low: seconds(length.low), high: seconds(length.high ?? 0), ackedByOld: inside.length };
}

/** How many writes were begun after a lost one had been acked by the same server, before anybody took over, and are still there: then no single instant separates kept from lost. */
export function countBeyondLoss(history: History, { lost, ledger, final, zero }: Reckoning): number {
  const takeover = markOf(history, marks.promoted, { since: zero?.low ?? 0 })?.at ?? Number.POSITIVE_INFINITY;
  const firstLost = new Map<string, number>();
  for (const { server, ackedAt } of lost) if (server !== null) firstLost.set(server, Math.min(firstLost.get(server) ?? Number.POSITIVE_INFINITY, ackedAt));
  if (firstLost.size === 0) return 0;
  let beyond = 0;
  for (const writer of ledger.values()) {
    for (let number = 0; number <= writer.last; number += 1) {
      if (writer.known[number] !== known.acked) continue;
      const { started, data } = decidedBy(history, writer, number);
      const since = firstLost.get(data?.server ?? '');
      if (since !== undefined && started > since && started < takeover && has(final.census, writer.name, number)) beyond += 1;
    }
  }
  return beyond;
}

/** How close before the cut the last ack came, and how many came in its last second. Null without a fault. */
export function acksAtCut(history: History, { zero }: Reckoning): { readonly lastSecond: number; readonly lastAckMs: number | null } | null {
  if (!zero) return null;
  let [lastSecond, last] = [0, Number.NEGATIVE_INFINITY];
  for (const entry of history.entries) {
    if (!isAck(entry as Sample)) continue;
    const { ended } = entry as Sample;
    if (ended > zero.low) continue;
    if (ended >= zero.low - 1_000) lastSecond += 1;
    last = Math.max(last, ended);
  }
  return { lastSecond, lastAckMs: last === Number.NEGATIVE_INFINITY ? null : zero.low - last };
}

function isAck(entry: Sample): boolean {
  return entry.kind === 'sample' && entry.says === 'write' && (entry as Sample<'write'>).data?.outcome === 'acked';
}
