import { lasting, missing } from '../../judge/bounds.ts';
import type { Measure } from '../../check.ts';
import { phaseSpan, samplesOf, type History, type Watched } from '../../history.ts';
import { clientProbes } from '../../judge/looks.ts';
import { longestOf, outagesOf } from '../../judge/outage.ts';
import { seeingOf } from '../failover/rows.ts';

/** Phases in which the database's part is handed on with both regions alive. */
export type Move = 'switch over' | 'fail back';

/** A move is watched more finely than an outage: good for this long (ms) ends a pause, or for `stable` where that is less. */
export const pauseEndsAfterMs = 1_000;

/** The writer of the reference client, or else the first ledger outside. */
export function writerOf(history: History): Watched | null {
  return clientProbes(history).find(({ says }) => says === 'write') ?? history.run.probes.find(({ says, place, kind }) => says === 'write' && kind !== 'direct' && place === 'outside') ?? null;
}

/** The longest time without a good write during a move, in seconds; null with the reason where there was none to watch. */
export function measurePause(history: History, name: string, move: Move): Measure {
  const [window, writer] = [windowOf(history, move), writerOf(history)];
  const noun = `the ${move.replace(' ', '-')}`;
  if (!window) return missing(name, 's', history.run.then.includes(move) ? `the run did not come to ${noun}` : `this scenario does not ${move}`);
  if (!writer) return missing(name, 's', 'no writer was watched from outside');
  const looks = samplesOf(history, 'write', writer.name);
  const n = looks.filter((look) => look.ended > window.from && look.started < window.to).length;
  if (n === 0) return missing(name, 's', `${writer.name} told nothing during ${noun}`);
  const longest = longestOf(looks, seeingOf(history, writer, window.from, window.to, Math.min(history.run.stableMs, pauseEndsAfterMs)));
  return lasting(name, longest, n, longest.censored);
}

/** Every time without a good write during a move: ms since the start of the run, and how many writes failed. */
export function pausesIn(history: History, move: Move): readonly { readonly from: number; readonly to: number | null; readonly n: number }[] {
  const [window, writer] = [windowOf(history, move), writerOf(history)];
  if (!window || !writer) return [];
  const seeing = seeingOf(history, writer, window.from, window.to, Math.min(history.run.stableMs, pauseEndsAfterMs));
  return outagesOf(samplesOf(history, 'write', writer.name), seeing).map(({ from, to, n }) => ({ from, to, n }));
}

function windowOf(history: History, move: Move): { readonly from: number; readonly to: number } | null {
  const span = phaseSpan(history, move);
  return span ? { from: span.from, to: span.to + history.run.stableMs } : null;
}
