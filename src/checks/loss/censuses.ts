import { marks, phaseSpan, samplesOf, type History, type Mark, type Phase, type Sample } from '../../history.ts';
import type { CensusSeen, Ranges } from '../../seen.ts';
import { leftRegion, takingRegion } from '../../judge/looks.ts';
import { isActiveActive, type Place } from '../../topology.ts';

/** A census and when it was taken. */
export interface Taken { readonly started: number; readonly ended: number; readonly census: CensusSeen }

/** The region whose database serves in the end: the one that was promoted or switched over to last, or else the first primary; where both serve, the one that served throughout. */
export function authorityOf(history: History): Place {
  const regions = history.run.topology.regions.map((region) => region.name);
  const moves = history.entries.filter((entry): entry is Mark => entry.kind === 'mark' && (entry.what === marks.promoted || entry.what === marks.switchedOver));
  const last = moves.toSorted((a, b) => a.at - b.at).at(-1);
  return regions.find((region) => last && (last.subject === region || last.subject.startsWith(`${region}/`))) ?? (isActiveActive(history.run.topology) ? takingRegion : leftRegion)(history);
}

/** Censuses that succeeded in a phase, in their order; of one region where named. */
export function censusesIn(history: History, phase: Phase, region?: Place): Taken[] {
  const span = phaseSpan(history, phase);
  if (!span) return [];
  return samplesOf(history, 'census').flatMap(({ started, ended, ok, data }: Sample<'census'>) => (
    ok && data && started >= span.from && started < span.to && (region === undefined || data.region === region) ? [{ started, ended, census: data }] : []));
}

/** Whether a number lies in the ranges (ascending and apart). */
export function holds(ranges: Ranges | undefined, number: number): boolean {
  let [low, high] = [0, (ranges?.length ?? 0) - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = ranges?.[middle] ?? [0, -1];
    if (number < from) high = middle - 1;
    else if (number > to) low = middle + 1;
    else return true;
  }
  return false;
}

/** Whether a census has a writer's number. */
export function has(census: CensusSeen, writer: string, number: number): boolean {
  return Object.hasOwn(census.rows, writer) && holds(census.rows[writer]?.numbers, number);
}

/** Every number of every range, ascending. */
export function* numbersOf(ranges: Ranges): Generator<number> {
  for (const [from, to] of ranges) for (let number = from; number <= to; number += 1) yield number;
}
