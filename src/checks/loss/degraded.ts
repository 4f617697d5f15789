import { samplesOf, type History, type Sample } from '../../history.ts';
import { counted, lasting, missing } from '../../judge/bounds.ts';
import type { Measure } from '../../check.ts';
import { primaryOf, type Place } from '../../topology.ts';
import type { Reckoning } from './reconcile.ts';
import { findSpells, type Spell } from './spells.ts';

/** A time in which a server's commits were to wait for a replica and went on without. ms since the start of the run; `to` null: as long as it was seen. `commits`: how many, by its own count; null where it counts groups of them. */
export interface Alone { readonly region: Place; readonly server: string; readonly from: number; readonly to: number | null; readonly commits: number | null }

/** What was acknowledged while it stood on one server only; a text says why that could not be seen. */
export type Degraded = { readonly spells: readonly Spell[] } | string;

/** The names of its measures. */
export const degradedNames = ['loss.degraded', 'loss.degraded.lost', 'loss.degraded.span'] as const;

interface Ack { readonly startedAt: number; readonly ackedAt: number; readonly server: string | null }

/** Finds out from the servers' own words when commits went on without the replica that they were to wait for. */
export function findDegraded(history: History): Degraded {
  const { topology, probes } = history.run;
  if (topology.settings.database.replication !== 'semi-sync') return 'replication is asynchronous: no commit waits for a replica, and there is nothing to degrade';
  const primary = primaryOf(topology).name;
  const asking = probes.filter(({ says }) => says === 'server');
  if (!asking.some(({ place }) => place === primary)) return `nobody asked the database of ${primary} whether its commits wait: watch it from there with a probe of kind server`;
  const looks = asking.map(({ name, place }) => ({ place, looks: samplesOf(history, 'server', name) }));
  const mine = looks.filter(({ place }) => place === primary).flatMap((one) => one.looks);
  if (!mine.some(({ ok }) => ok)) return `the database of ${primary} never said whether its commits wait: ${mine.findLast(({ error }) => error !== null)?.error ?? 'it was never asked'}`;
  return { spells: looks.flatMap(({ place, looks: all }) => findSpells(place, all)) };
}

/** How many writes were acknowledged while degraded, how many of them are lost, and for how long it was so. */
export function measureDegraded(history: History, { lost, acked }: Pick<Reckoning, 'lost' | 'acked'>, degraded: Degraded): Measure[] {
  const [writes, gone, span] = degradedNames;
  if (typeof degraded === 'string') return [missing(writes, 'writes', degraded, acked), missing(gone, 'writes', degraded, acked), missing(span, 's', degraded, acked)];
  const { spells } = degraded;
  const count = (name: string, acks: readonly Ack[], n: number) => {
    const sums = spells.map((spell) => countIn(spell, acks));
    const sum = (of: 'value' | 'low' | 'high') => sums.reduce((total, one) => total + one[of], 0);
    return counted(name, 'writes', sum('value'), n, sum('low'), sum('high'));
  };
  const all = acksOf(history);
  const lengths = spells.map(({ length }) => length);
  const total = (of: 'value' | 'low') => lengths.reduce((sum, one) => sum + one[of], 0);
  const high = lengths.some((one) => one.high === null) ? null : lengths.reduce((sum, one) => sum + (one.high ?? 0), 0);
  return [count(writes, all, acked), count(gone, lost, lost.length), lasting(span, { value: total('value'), low: total('low'), high }, spells.length, high === null)];
}

/** The same as reports list it. */
export function describeDegraded(degraded: Degraded): readonly Alone[] | string {
  return typeof degraded === 'string' ? degraded : degraded.spells.map(({ region, server, seen, commits }) => ({ region, server, from: seen.from, to: seen.to, commits }));
}

/** In one sentence; none where it could not be seen, or where semi-sync never had to give up. */
export function sayDegraded(measures: readonly Measure[], degraded: readonly Alone[] | string): string[] {
  if (typeof degraded === 'string' || degraded.length === 0) return [];
  const value = (name: string) => measures.find((measure) => measure.name === name)?.value ?? 0;
  const [writes, gone, span] = degradedNames.map(value) as [number, number, number];
  if (writes === 0) return [];
  const where = [...new Set(degraded.map(({ region }) => region))].join(' and ');
  return [`Semi-sync gave up waiting for ${span.toFixed(1)} s: ${writes.toLocaleString('en-US')} of the acknowledged writes were on ${where} alone when they were acknowledged, and ${gone === 0 ? 'none' : gone === writes ? 'all' : gone.toLocaleString('en-US')} of them ${gone === 1 ? 'is' : 'are'} lost.`];
}

/**
 * How many of these were acknowledged in a spell: at most as many as the server counted, and at least those that were surely committed in it, less what it says a replica
 * had acknowledged in the same time, which was nothing as long as that count stood still. What it did after it was last seen, degraded, may all have been so.
 */
function countIn({ server, outer, inner, stillFrom, quietTo, commits, waited, open, diedBy, length }: Spell, acks: readonly Ack[]): { readonly value: number; readonly low: number; readonly high: number } {
  const mine = acks.filter((ack) => ack.server === server && ack.ackedAt >= outer.from && ack.startedAt <= (open ? diedBy : outer.to));
  const surely = (to: number) => acks.filter((ack) => ack.server === server && ack.startedAt >= stillFrom && ack.ackedAt <= to).length;
  const uncounted = open ? mine.filter(({ ackedAt }) => ackedAt > inner.to).length : 0;
  const low = Math.max(surely(quietTo), waited === null ? 0 : surely(inner.to) - waited);
  const high = commits === null ? mine.length : Math.min(mine.length, commits + uncounted);
  // Where no look found it degraded, what went alone may as well have been commits whose clients had left: nobody was told of these.
  const likely = length.value === 0 ? low : mine.filter(({ ackedAt }) => ackedAt > inner.from && (open || ackedAt <= outer.to)).length - (waited ?? 0);
  return { value: Math.min(high, Math.max(low, likely)), low, high };
}

function acksOf(history: History): Ack[] {
  return samplesOf(history, 'write').flatMap(({ started, ended, data }: Sample<'write'>) => (data?.outcome === 'acked' ? [{ startedAt: started, ackedAt: ended, server: data.server }] : []));
}

