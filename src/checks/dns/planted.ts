import type { Moment } from '../../judge/bounds.ts';
import type { History } from '../../history.ts';
import { toleranceMs, ttlOf, type Resolver } from './resolver.ts';
import type { Vantage } from './vantages.ts';

/** What became of a violator that was planted: found, missed although it could have been seen, or hidden by how this run went. */
export type PlantedResult = { readonly name: string; readonly result: 'found' | 'missed' | 'hidden'; readonly because: string };

/**
 * Whether a planted resolver was found. It is asked all the time, so it refills whenever its minimum TTL has passed since the first look: what it still held at the
 * change is known, and where that is no more than any honest resolver may hold, or the window was too short, it could not have been seen.
 */
export function judgePlanted(history: History, resolver: Resolver, vantage: Vantage, authority: Moment | null, until: number): PlantedResult {
  const { name } = resolver;
  if (resolver.signs.length > 0) return { name, result: 'found', because: resolver.signs.join(', ') };
  const minTtlMs = history.run.topology.resolvers.find((one) => one.name === resolver.server)?.minTtlMs ?? null;
  const first = vantage.looks.find(({ ok }) => ok)?.started;
  if (!authority || first === undefined) return { name, result: 'hidden', because: authority ? 'it never answered' : 'the name never changed at its authorities' };
  const limit = ttlOf(history) + toleranceMs(vantage.probe.everyMs);
  const seenFor = Math.min(until, vantage.looks.at(-1)?.started ?? 0) - authority.high;
  if (seenFor <= limit) return { name, result: 'hidden', because: 'it was not watched for longer than an honest resolver may hold an answer' };
  const heldMs = minTtlMs === null ? Number.POSITIVE_INFINITY : minTtlMs - ((authority.at - first) % minTtlMs);
  if (heldMs <= limit + toleranceMs(vantage.probe.everyMs)) return { name, result: 'hidden', because: 'what it held ran out at the change, as with any honest resolver' };
  return { name, result: 'missed', because: 'it was planted to hold answers too long and looked honest: the instrument missed it' };
}
