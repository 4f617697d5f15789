import { seconds } from '../../judge/bounds.ts';
import { samplesOf, type History, type Sample, type Watched } from '../../history.ts';
import { blindOf, type Looked } from '../../judge/looks.ts';
import { longestOf, outagesOf, type Seeing } from '../../judge/outage.ts';

/** How one probe fared in the window; lengths in seconds, `high` null where nothing bounds it. */
export interface Row {
  readonly probe: string;
  readonly place: string;
  readonly says: string;
  /** One of the reference client's. */
  readonly client: boolean;
  readonly looks: number;
  readonly bad: number;
  readonly longest: { readonly value: number; readonly low: number; readonly high: number | null; readonly censored: boolean };
  /** The sum of all runs of bad looks. */
  readonly downtime: { readonly value: number; readonly low: number; readonly high: number | null };
  /** How often it went bad again after the first good look that followed the first bad one. */
  readonly flaps: number;
  /** Bad looks by what they said. */
  readonly errors: Readonly<Record<string, number>>;
  /** Good, but slower than three times what 99 % of the looks before the window took: seconds of the schedule; null with fewer than 100 looks before. */
  readonly slow: number | null;
}

/** No more kinds of error than these are told apart. */
const errorKinds = 20;

/** A row for every HTTP and write probe but the control path, over [from, until) in ms. */
export function rowsOf(history: History, from: number, until: number): Row[] {
  return history.run.probes.filter(({ says, params }) => (says === 'http' && params['target'] !== 'control') || says === 'write').map((probe) => rowOf(history, probe, from, until));
}

/** How a probe is to be judged in [from, until). */
export function seeingOf(history: History, probe: Watched, from: number, until: number, stableMs = history.run.stableMs): Seeing {
  return { everyMs: probe.everyMs, stableMs, from, until, blind: blindOf(history, probe) };
}

function rowOf(history: History, probe: Watched, from: number, until: number): Row {
  const all = samplesOf(history, probe.says, probe.name);
  const looks = all.filter((look) => look.ended > from && look.started < until);
  const runs = outagesOf(all, seeingOf(history, probe, from, until, 0));
  const longest = longestOf(all, seeingOf(history, probe, from, until));
  const sum = (of: (outage: (typeof runs)[number]) => number) => seconds(runs.reduce((total, outage) => total + of(outage), 0));
  return {
    probe: probe.name, place: probe.place, says: probe.says, client: history.run.client.probes.includes(probe.name),
    looks: looks.length, bad: looks.filter(({ ok }) => !ok).length,
    longest: { value: seconds(longest.value), low: seconds(longest.low), high: longest.high === null ? null : seconds(longest.high), censored: longest.censored },
    downtime: { value: sum(({ point }) => point), low: sum(({ low }) => low), high: runs.some(({ high }) => high === null) ? null : sum(({ high }) => high ?? 0) },
    flaps: Math.max(0, runs.length - 1), errors: countErrors(looks), slow: slowOf(probe, all, looks, from),
  };
}

function countErrors(looks: readonly Looked[]): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const look of looks) {
    if (look.ok) continue;
    const text = look.error ?? 'not good';
    const key = text in errors || Object.keys(errors).length < errorKinds ? text : 'other';
    errors[key] = (errors[key] ?? 0) + 1;
  }
  return errors;
}

function slowOf(probe: Watched, all: readonly Sample[], looks: readonly Sample[], from: number): number | null {
  const before = all.filter((look) => look.ok && look.ended <= from).map((look) => look.ended - look.started).sort((a, b) => a - b);
  const usual = before[Math.ceil(before.length * 0.99) - 1];
  if (before.length < 100 || usual === undefined) return null;
  const slow = looks.filter((look) => look.ok && look.ended - look.started > 3 * usual);
  return seconds(new Set(slow.map(({ scheduled }) => scheduled)).size * probe.everyMs);
}
