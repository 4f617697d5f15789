import type { Entry } from '../../history.ts';
import { lookAs } from '../histories.ts';

/** A stretch of ms. */
export interface Stretch { readonly from: number; readonly to: number }

/** How a look fares while its way is cut: it fails at once, it hangs until its time is up, or it is held and answered once the way is back, if that is in time. */
export type Manner = 'refused' | 'hangs' | 'held';

/** One probe of the reference client: when it was truly cut off (ms, ascending), how its looks fared then, and when answers were slow. */
export interface Lane { readonly probe: string; readonly says: 'http' | 'write'; readonly manner: Manner; readonly out: readonly Stretch[]; readonly slow: Stretch | null }

/** How the looks of a client are made (ms): as far apart as they may last. */
export interface Rhythm { readonly everyMs: number; readonly endMs: number }

/** The longest that a look takes while all is well, and the shortest that a slow one takes, which is beyond what anybody leaves unnoticed (ms). */
export const usualMs = 25;
const slowMs = 120;

/** The looks of one probe from a random phase on, as an open loop makes them. */
export function looksOf(lane: Lane, { everyMs, endMs }: Rhythm, random: () => number): Entry[] {
  const entries: Entry[] = [];
  for (let seq = 0, due = random() * everyMs; due < endMs; seq += 1, due += everyMs) {
    const { ok, tookMs } = fate(lane, due, everyMs, random);
    entries.push(lane.says === 'http'
      ? lookAs('http', lane.probe, seq, due, due + tookMs, { status: 200, servedBy: null, connection: 'new', address: '' }, ok)
      : lookAs('write', lane.probe, seq, due, due + tookMs, { op: `${lane.probe}:${seq + 1}`, attempt: 1, outcome: ok ? 'acked' : 'indeterminate', server: null, gtid: null, servedBy: null }, ok));
  }
  return entries;
}

function fate({ manner, out, slow }: Lane, due: number, everyMs: number, random: () => number): { readonly ok: boolean; readonly tookMs: number } {
  const cut = out.find(({ from, to }) => due >= from && due < to);
  const usual = 5 + random() * (usualMs - 5);
  if (!cut) return { ok: true, tookMs: slow && due >= slow.from && due < slow.to ? slowMs + random() * (everyMs - slowMs) : usual };
  if (manner === 'refused') return { ok: false, tookMs: 1 + random() * 4 };
  const backMs = cut.to - due + usual;
  return manner === 'held' && backMs <= everyMs ? { ok: true, tookMs: backMs } : { ok: false, tookMs: everyMs };
}
