import type { Details } from '../../checks/dns-convergence.ts';
import type { Sample } from '../../history.ts';
import type { Span } from '../outages/held.ts';
import { addresses, regions } from '../histories.ts';
import type { Setup } from './cache-programs.ts';
import { invented } from '../miss.ts';

/** The TTL of the planted name, and for how long a cache that stretches is told to keep its answers. */
export const limits = { ttlMs: 2_000, keepsS: 8 } as const;

/** What an honest cache may hold an answer beyond the TTL (ms): a second of rounding, an interval of whoever asks, and two more in which the authorities' own change was seen. */
const openMs = (everyMs: number): number => limits.ttlMs + 1_000 + everyMs + 500;

/** What a cache did, from the moment at which the name truly moved: by its own answers, one by one. */
function deedsOf(looks: readonly Sample<'dns'>[], moved: Span, everyMs: number): { readonly held: boolean; readonly raised: boolean; readonly stale: boolean; readonly lastOld: Sample<'dns'> | undefined } {
  const answers = looks.filter(({ ok, started }) => ok && started > moved.high);
  const lastOld = answers.findLast(({ data }) => data?.addresses.includes(addresses[regions.old]));
  const stale = (look: Sample<'dns'>) => look.data?.ede === 3;
  return {
    lastOld, held: lastOld !== undefined && lastOld.started > moved.high + openMs(everyMs),
    raised: answers.some((look) => !stale(look) && (look.data?.ttl ?? 0) * 1_000 > limits.ttlMs + 1_000), stale: answers.some((look) => stale(look) && look.started > moved.high + openMs(0)),
  };
}

/** In what ways a real cache was spoken of wrongly; null where it was set up to sin and by the course of this round did nothing of the kind. */
export function judgeCache({ setup, everyMs }: { readonly setup: Setup; readonly everyMs: number }, looks: readonly Sample<'dns'>[], moved: Span, said: Details['resolvers'][number]): string[] | null {
  const { held, raised, stale, lastOld } = deedsOf(looks, moved, everyMs);
  const missed = boundsOf(lastOld, moved, said);
  if (setup === 'honest') return said.signs.length === 0 ? missed : [invented(`innocent, and named: ${said.signs.join(', ')}`)];
  const deeds = [...(held ? ['held beyond the TTL'] : []), ...(raised ? ['raised TTL'] : []), ...(stale ? ['stale answer'] : [])];
  if (deeds.length === 0) return null;
  return [...missed, ...deeds.filter((deed) => !said.signs.includes(deed as never)).map((deed) => `planted, and not named: ${deed}${said.signs.length === 0 ? '' : ` (but ${said.signs.join(', ')})`}`)];
}

/** The time from the true move to the last old answer, which must lie in what is said of it. */
function boundsOf(lastOld: Sample<'dns'> | undefined, moved: Span, { convergence }: Details['resolvers'][number]): string[] {
  if (!convergence) return ['not measured'];
  const [least, most] = [Math.max(0, (lastOld?.started ?? 0) - moved.high) / 1_000, Math.max(0, (lastOld?.ended ?? 0) - moved.low) / 1_000];
  const high = convergence.high ?? Number.POSITIVE_INFINITY;
  return convergence.low <= most + 0.001 && least <= high + 0.001 ? [] : [`held for ${least.toFixed(3)} s, which is not within ${convergence.low}-${convergence.high}`];
}
