import type { Clock } from '../../clock.ts';
import type { HttpSeen } from '../../seen.ts';
import type { Senses } from '../../world.ts';
import { arrived, type Instrument } from '../outages/held.ts';

/** What a modelled target does while it is out. `refused, then silent`: a process dies, and then its network. `resent`: what waits is sent again at its own times, and one that knocked later may be let in earlier. `brown`: it answers slowly, and still in time. */
export type TargetMode = 'silent' | 'resent' | 'refused' | 'reset' | '503' | 'slow' | 'hangs' | 'brown' | 'refused, then silent';

/** A stretch of ms in which a target is out. */
export interface Out { readonly from: number; readonly to: number }

/** How long a request is on its way (ms). */
export const hopMs = 0.7;
/** The share of an interval that the slowest answer takes. */
export const slowest = 0.4;
/** When what got no answer is sent again for the first time (ms); the second time it is twice as long, and so on: what TCP does on connections old and new (RFC 6298), and on quick ones. */
const resentMs = [30, 200, 1_000] as const;
/** Shares of a timeout: what a browned-out target takes, and what a slow one takes at the least. */
const browned = 0.8;
const slow = 1.2;

/** An HTTP server in virtual time that is out now and then; it says when each request reached it. */
export function modelled(clock: Clock, mode: TargetMode, out: readonly Out[], { everyMs, timeoutMs }: Pick<Instrument, 'everyMs' | 'timeoutMs'>, random: () => number): Pick<Senses, 'http'> {
  const seen = (status: number): HttpSeen => ({ status, servedBy: arrived(clock.now()), connection: 'new', address: 'planted' });
  const now = whereIn(out);
  return {
    async http(_target, _path, _manner, signal) {
      await clock.sleep(hopMs, signal);
      const stretch = now(clock.now());
      const how = stretch && mode === 'refused, then silent' ? (clock.now() < (stretch.from + stretch.to) / 2 ? 'refused' : 'silent') : mode;
      if (stretch && (how === 'refused' || how === 'reset')) throw new Error(how === 'refused' ? 'connect: ECONNREFUSED' : 'answer: ECONNRESET');
      if (stretch && how === 'hangs') await clock.sleep(1e9, signal);
      // What waits in a black hole gets through once the path is back: a good look that began inside the outage.
      if (stretch && how === 'silent') await clock.sleep(stretch.to - clock.now(), signal);
      for (let next = resentMs[Math.floor(random() * resentMs.length)] as number; how === 'resent' && now(clock.now()); next *= 2) await clock.sleep(next, signal);
      const answer = seen(stretch && how === '503' ? 503 : 200);
      if (stretch && how === 'slow') await clock.sleep(timeoutMs * (slow + random()), signal);
      if (stretch && how === 'brown') await clock.sleep(timeoutMs * browned, signal);
      // An answer that was given before the target went may arrive after.
      else await clock.sleep(random() * slowest * Math.min(everyMs, timeoutMs), signal);
      return answer;
    },
  };
}

/** The stretch that a moment lies in; moments come in ascending order. */
function whereIn(out: readonly Out[]): (ms: number) => Out | undefined {
  let index = 0;
  return (ms) => {
    while (index < out.length && (out[index] as Out).to <= ms) index += 1;
    const next = out[index];
    return next && next.from <= ms ? next : undefined;
  };
}
