import type { Verdict } from '../../check.ts';
import { marks, markOf, type History } from '../../history.ts';
import { lossOf, stageRanges, type Loss, type Range } from '../../judge/arithmetic.ts';
import { standbyOf, type Settings } from '../../topology.ts';
import { failoverDetails } from '../details.ts';

/** A failover as it was measured, in seconds after time zero: when each of its two ways was done, and how long the client took after the later one (less than nothing: it did not wait for it). */
export interface Measured {
  readonly loss: Loss;
  readonly settings: Settings;
  readonly rto: number;
  readonly stages: Readonly<Record<string, number>>;
  readonly ready: { readonly dns: number | null; readonly db: number | null };
  readonly adopt: number;
  /** Health checks found the standby sick, too, before the name moved, at this moment: the name's way had to wait for the database's. */
  readonly standbySick: number | null;
}

/** What was measured of a failover that ended; null where it did not, or where no arithmetic fits the fault. */
export function measuredOf(history: History, verdict: Verdict): Measured | null {
  const finding = verdict.findings.find(({ kind }) => kind === 'failover-time');
  const rto = finding?.measures.find(({ name }) => name === 'failover.rto');
  const loss = lossOf(history);
  const { sights } = failoverDetails(finding);
  const zero = sights?.find(({ name }) => name === 'zero')?.at;
  if (!loss || !sights || zero === undefined || !rto || rto.value === null || rto.censored) return null;
  const at = (...names: string[]) => names.flatMap((name) => sights.find((sight) => sight.name === name) ?? []).map((sight) => (sight.at - zero) / 1_000)[0] ?? null;
  const ready = { dns: at('let go'), db: at('published database', 'promoted') };
  const latest = Math.max(ready.dns ?? 0, ready.db ?? 0);
  const stages = Object.fromEntries((finding?.measures ?? []).flatMap(({ name, value }) => (name.startsWith('stage.') && value !== null ? [[name, value]] : [])));
  if (latest === 0) return null;
  return { loss, settings: history.run.topology.settings, rto: rto.value, stages: { ...stages, 'stage.adopt': Math.max(0, rto.value - latest) }, ready, adopt: rto.value - latest, standbySick: sickAt(history, zero, at('published service')) };
}

/** The RTO that these settings would have made of it: stages that they do not touch as they were measured, the others as their settings add up, at most as measured. */
export function sumWith(measured: Measured, settings: Settings): Range {
  const was = stageRanges(measured.settings, measured.loss);
  const would = stageRanges(settings, measured.loss);
  const saved = (stage: string): Range => {
    const [now, before, then] = [measured.stages[stage], was[stage], would[stage]];
    if (now === undefined || !before || !then || (before.low === then.low && before.high === then.high)) return { low: 0, high: 0 };
    return { low: Math.max(0, now - then.high), high: Math.max(0, now - then.low) };
  };
  const db = less(measured.ready.db, [saved('stage.detect.db'), saved('stage.publish.db')]);
  const waited = decoupled(measured, settings, db) ? Math.max(0, (measured.stages['stage.publish.dns'] ?? 0) - (would['stage.publish.dns']?.high ?? 0)) : 0;
  const dns = less(measured.ready.dns, [saved('stage.detect.dns'), saved('stage.resolve'), { low: waited, high: waited }]);
  const client = saved('stage.adopt');
  const total = (end: 'low' | 'high', most: 'low' | 'high') => Math.max(0, Math.max(dns[end], db[end]) + measured.adopt - client[most]);
  return { low: total('low', 'high'), high: total('high', 'low') };
}

// A name that waited for the standby to look well again does not wait where checks do not ask the database, or where the database is back before they turn.
function decoupled({ standbySick }: Measured, { app }: Settings, db: Range): boolean {
  return standbySick !== null && (app.health === 'shallow' || db.high < standbySick);
}

function less(ready: number | null, saved: readonly Range[]): Range {
  if (ready === null) return { low: 0, high: 0 };
  return { low: ready - saved.reduce((sum, { high }) => sum + high, 0), high: ready - saved.reduce((sum, { low }) => sum + low, 0) };
}

function sickAt(history: History, zero: number, moved: number | null): number | null {
  const mark = markOf(history, marks.unhealthy, { subject: standbyOf(history.run.topology).name, since: zero });
  const at = mark && (mark.at - zero) / 1_000;
  return at !== undefined && moved !== null && at < moved ? at : null;
}
