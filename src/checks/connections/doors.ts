import { samplesOf, type History, type Sample } from '../../history.ts';
import { windowMs, type Rate, type Watch } from './rates.ts';

/** Looks of clients that keep their connections: when they ended, those that surely made a new one, by end, and when those began and ended that made one or may have (ms, ascending). */
interface Looks { readonly ends: readonly number[]; readonly sure: readonly Sample<'http'>[]; readonly sureEnd: readonly number[]; readonly mayBegin: readonly number[]; readonly mayEnd: readonly number[] }

/** New connections at the front door, as clients that keep theirs had to make them; null where none was watched. */
export function doorsOf(history: History): Pick<Watch, 'over' | 'peak'> | null {
  const keeping = history.run.probes.filter(({ says, params }) => says === 'http' && params['connections'] === 'reused' && params['target'] !== 'control').map(({ name }) => name);
  if (keeping.length === 0) return null;
  const all = keeping.flatMap((name) => samplesOf(history, 'http', name)).sort((a, b) => a.ended - b.ended);
  // What was seen says whether the connection was new, whatever the answer was worth; of a look that failed before it saw anything nobody knows.
  const may = all.filter(({ ok, data }) => (data ? data.connection === 'new' : !ok));
  const sure = may.filter(({ data }) => data !== null);
  const looks: Looks = { ends: all.map(({ ended }) => ended), sure, sureEnd: sure.map(({ ended }) => ended), mayBegin: may.map(({ started }) => started).sort((a, b) => a - b), mayEnd: may.map(({ ended }) => ended) };
  return { over: (from, to) => over(looks, from, to), peak: (from, to) => peak(looks, from, to) };
}

function over(looks: Looks, from: number, to: number): Rate | null {
  const [first, last] = [looks.ends.find((end) => end >= from), looks.ends.findLast((end) => end <= to)];
  return first !== undefined && last !== undefined && last > first ? rateOf(looks, first, last) : null;
}

function peak(looks: Looks, from: number, to: number): Rate | null {
  const before = looks.ends.findLast((end) => end <= from);
  const ends = [...(before === undefined ? [] : [before]), ...looks.ends.filter((end) => end > from && end <= to)];
  let best: Rate | null = null;
  let most = 0;
  for (const end of ends) {
    const last = ends[below(ends, end + windowMs)];
    const rate = last === undefined ? null : rateOf(looks, end, last);
    if (rate && (!best || rate.value > best.value)) best = rate;
    most = Math.max(most, mostIn(looks, end, end + windowMs));
  }
  return best && { ...best, high: Math.max(best.value, most) };
}

/** Each was made at some moment of its look: surely in this time (ms), by its end, or perhaps. */
function rateOf(looks: Looks, from: number, to: number): Rate {
  const perSecond = (count: number) => (count * 1_000) / (to - from);
  const ended = looks.sure.slice(upTo(looks.sureEnd, from), upTo(looks.sureEnd, to));
  return { value: perSecond(ended.length), low: perSecond(ended.filter(({ started }) => started >= from).length), high: perSecond(mostIn(looks, from, to)), at: from, n: ended.length };
}

/** As many at most: all that began before it was over, less those that had ended before. */
function mostIn({ mayBegin, mayEnd }: Looks, from: number, to: number): number {
  return upTo(mayBegin, to) - below(mayEnd, from);
}

/** How many of the ascending numbers lie below this one. */
function below(ascending: readonly number[], limit: number): number {
  return countWhile(ascending, (one) => one < limit);
}

/** The same, with those that lie on it. */
function upTo(ascending: readonly number[], limit: number): number {
  return countWhile(ascending, (one) => one <= limit);
}

function countWhile(ascending: readonly number[], holds: (one: number) => boolean): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(ascending[middle] as number)) low = middle + 1; else high = middle;
  }
  return low;
}
