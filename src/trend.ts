import type { Measure } from './check.ts';
import { kindOf, matchOf, type Difference } from './compare/match.ts';
import { measureIn, type Outcome } from './outcome.ts';
import { lossOf, seenOf, type LossRate } from './series/summary.ts';
import { headlines } from './series/words.ts';
import { spreadOf, type Seen } from './statistics.ts';
import { changePoints } from './trend/change-points.ts';

/** A night: a series of runs, or a run that belongs to none. `changed`: what is other than the night before. */
export interface Night { readonly name: string; readonly at: string; readonly runs: number; readonly valid: number; readonly changed: readonly Difference[] }

/** A measure on a night: its middle, least and worst; null where no run that counts measured it. */
export interface Point { readonly median: Seen; readonly min: Seen; readonly worst: Seen; readonly n: number }

/** A lasting change of a measure: the first night of the new level, both levels, and what was changed that night. */
export interface Turning { readonly night: string; readonly index: number; readonly before: number; readonly after: number; readonly p: number; readonly changed: readonly Difference[] }

/** A measure over the nights. `points` are as many as there are nights. Of `loss.runs` they are percentages of runs that lost writes. */
export interface Line { readonly measure: string; readonly unit: Measure['unit']; readonly points: readonly (Point | null)[]; readonly turnings: readonly Turning[] }

/** One scenario in one world, night by night. */
export interface Trend { readonly scenario: string; readonly world: string; readonly nights: readonly Night[]; readonly lines: readonly Line[]; readonly leftOut: number }

/** The trends that are in a history: one for each scenario in each world, oldest night first. Only nights of the scenario as it is now, and with the same meaning of the numbers, are put on one line; `leftOut` runs are not. */
export function trendsOf(outcomes: readonly Outcome[]): Trend[] {
  const groups = Map.groupBy(outcomes.toSorted((a, b) => a.startedAt.localeCompare(b.startedAt)), ({ scenario, world }) => JSON.stringify([scenario, world]));
  return [...groups.values()].flatMap((group): Trend[] => {
    const last = group.at(-1);
    if (!last) return [];
    const kept = group.filter((one) => matchOf(one, last).level !== null);
    const nights = [...Map.groupBy(kept, ({ series, id, fingerprint, world }) => `${series?.name ?? id} ${kindOf({ world, fingerprint })}`).values()];
    return [{ scenario: last.scenario, world: last.world, nights: nights.map((night, index) => nightOf(night, nights[index - 1])), lines: linesOf(nights), leftOut: group.length - kept.length }];
  });
}

function nightOf(runs: readonly Outcome[], before: readonly Outcome[] | undefined): Night {
  const [first] = runs as readonly [Outcome, ...Outcome[]];
  return { name: first.series?.name ?? first.id, at: first.startedAt, runs: runs.length, valid: countable(runs).length, changed: before?.[0] ? matchOf(before[0], first).differences : [] };
}

const countable = (runs: readonly Outcome[]) => runs.filter(({ invalid }) => invalid === null);

function linesOf(nights: readonly (readonly Outcome[])[]): Line[] {
  const measured = Object.keys(headlines).filter((name) => nights.some((runs) => seenOf(countable(runs), name).length > 0));
  const lines = measured.map((name) => lineOf(name, nights, (runs) => pointOf(seenOf(countable(runs), name))));
  const loss = lineOf('loss.runs', nights, (runs) => shareOf(lossOf(countable(runs))));
  return loss.points.some((point) => point !== null) ? [...lines, loss] : lines;
}

function lineOf(measure: string, nights: readonly (readonly Outcome[])[], point: (runs: readonly Outcome[]) => Point | null): Line {
  const points = nights.map(point);
  const told = points.flatMap((one, index) => (one ? [{ index, value: one.median.value }] : []));
  const turnings = changePoints(told.map(({ value }) => value)).map(({ index, before, after, p }): Turning => {
    const at = told[index]?.index ?? 0;
    const night = nights[at] as readonly Outcome[];
    return { index: at, night: night[0]?.series?.name ?? night[0]?.id ?? '', before, after, p, changed: nightOf(night, nights[at - 1]).changed };
  });
  const unit = measure === 'loss.runs' ? '%' : nights.flat().flatMap((outcome) => measureIn(outcome, measure) ?? [])[0]?.unit ?? 'count';
  return { measure, unit, points, turnings };
}

function pointOf(seen: readonly Seen[]): Point | null {
  const spread = spreadOf(seen);
  return spread && { median: spread.median, min: spread.min, worst: spread.max, n: seen.length };
}

function shareOf(loss: LossRate | null): Point | null {
  const percent = (share: number): Seen => ({ value: Math.round(share * 1_000) / 10, censored: false });
  return loss && { median: percent(loss.lossy / loss.n), min: percent(loss.low), worst: percent(loss.high), n: loss.n };
}
