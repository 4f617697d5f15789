import { samplesOf, type History } from '../../history.ts';
import type { Place } from '../../topology.ts';

/** New connections a second, over a time that began at `at` (ms since the start of the run); `n`: how many there were. `high` null: a server that was started again took with it what it had counted since it was last asked. */
export interface Rate { readonly value: number; readonly low: number; readonly high: number | null; readonly at: number; readonly n: number }

/** What looks at one counter tell. Times in ms since the start of the run. */
export interface Watch {
  readonly region: Place;
  /** The rate from the first reading to the last within a time; null where there are fewer than two. */
  over(from: number, to: number): Rate | null;
  /** The highest rate over at least a second, of readings within a time; null where they span less. */
  peak(from: number, to: number): Rate | null;
  refused(from: number, to: number): number;
  most(from: number, to: number): number;
  /** Whether the counter was set back within a time, and with it went what had been counted since it was last read. */
  forgot(from: number, to: number): boolean;
}

/** A counter that never goes back, read at some moment within a span. `born`: by then it had been set back, and what it was asked for just before nobody read. */
interface Reading { readonly started: number; readonly ended: number; readonly count: number; readonly refused: number; readonly open: number; readonly born?: true }

/** A storm shorter than this is told as one of this length (ms): a second is what limits and alarms are written in. */
export const windowMs = 1_000;

/** The databases that were asked, each with what its counters tell. A restart sets counters back: what came before it is added on. */
export function serversOf(history: History): Watch[] {
  return history.run.probes.filter(({ says }) => says === 'server').map(({ name, place }) => {
    let carried = { count: 0, refused: 0 };
    let last: Reading & { readonly upS: number } | null = null;
    const readings: Reading[] = [];
    for (const { ok, data, started, ended } of samplesOf(history, 'server', name)) {
      if (!ok || !data) continue;
      const { connections, refused, upS, open } = data;
      if (last && (upS < last.upS || connections < last.count)) {
        carried = { count: carried.count + last.count, refused: carried.refused + last.refused };
        // A server that has just started began with none: it is known when, within a second.
        const born = Math.max(last.ended, started - (upS + 1) * 1_000);
        readings.push({ started: born, ended: Math.max(born, ended - upS * 1_000), ...carried, open: 0, born: true });
      }
      last = { started, ended, count: connections, refused, open, upS };
      readings.push({ started, ended, count: carried.count + connections, refused: carried.refused + refused, open });
    }
    return watchOf(place, readings);
  });
}

function watchOf(region: Place, readings: readonly Reading[]): Watch {
  const within = (from: number, to: number) => readings.filter(({ started, ended }) => started >= from && ended <= to);
  return {
    region,
    over(from, to) {
      const [first, last] = [within(from, to)[0], within(from, to).at(-1)];
      const rate = first && last && last.started > first.ended ? rateOf(first, last) : null;
      const restarted = first && last && readings.slice(readings.indexOf(first), readings.indexOf(last) + 1).some(({ born }) => born);
      return rate && restarted ? { ...rate, high: null } : rate;
    },
    peak(from, to) {
      // What came between the last reading before and the first one after belongs to it, too.
      const before = readings.findLast(({ ended }) => ended <= from);
      const looks = [...(before ? [before] : []), ...within(from, to)];
      const firstAfter = (index: number, least: number) => { let next = index; while (next < looks.length && (looks[next] as Reading).started < least) next += 1; return looks[next]; };
      let best: Rate | null = null;
      let most = 0;
      looks.forEach((first, index) => {
        const last = firstAfter(index, first.started + windowMs);
        const rate = last && rateOf(first, last);
        if (rate && (!best || rate.value > best.value)) best = rate;
        // Any second that begins before the next reading ends before this one: all that came between may have come in it.
        const covers = firstAfter(index, (looks[index + 1]?.ended ?? first.ended) + windowMs) ?? looks.at(-1);
        most = Math.max(most, (covers?.count ?? 0) - first.count);
      });
      const found = best as Rate | null;
      return found && { ...found, high: this.forgot(from, to) ? null : Math.max(found.value, most) };
    },
    refused(from, to) {
      const before = readings.findLast(({ ended }) => ended <= from) ?? within(from, to)[0];
      return (within(from, to).at(-1)?.refused ?? 0) - (before?.refused ?? 0);
    },
    forgot: (from, to) => readings.some(({ born, ended }, index) => born && ended >= from && (readings[index - 1]?.started ?? ended) <= to),
    most: (from, to) => Math.max(0, ...within(from, to).map(({ open }) => open)),
  };
}

function rateOf(first: Reading, last: Reading): Rate {
  const n = last.count - first.count;
  const perSecond = (ms: number) => (n * 1_000) / Math.max(1, ms);
  return { value: perSecond(last.started - first.started), low: perSecond(last.ended - first.started), high: perSecond(last.started - first.ended), at: first.started, n };
}
