import { z } from 'zod';
import { parseDuration } from '../duration.ts';
import type { Manner, Target } from '../seen.ts';
import { parts, type Place, type Topology } from '../topology.ts';

/** Where a probe may be aimed, as a scenario writes it: `service`, `control`, or `{ place, part }`. */
export const targetSchema = z.union([z.enum(['service', 'control']), z.strictObject({ place: z.string().min(1), part: z.enum(parts) })]);

/** How a probe's client gets there, as a scenario writes it: a connection a time unless it says otherwise, asking the resolver named `strict`. */
export const mannerSchema = { resolver: z.string().min(1).default('strict'), connections: z.enum(['new', 'reused']).default('new') };

/** The word for a client behind each resolver: resolvers keep one answer for all who ask, so that one of them tells nothing of how users are spread. */
export const eachResolver = 'each';

/** A probe as it is, or one for each resolver that is not planted. */
export function behindEach<P extends { readonly resolver: string }>(params: P, { resolvers }: Topology): { readonly suffix: string; readonly params: P }[] {
  if (params.resolver !== eachResolver) return [{ suffix: '', params }];
  return resolvers.filter(({ planted }) => !planted).map(({ name }) => ({ suffix: `@${name}`, params: { ...params, resolver: name } }));
}

/** A cache of the client's own, as language runtimes have them: it keeps an address for so long, whatever TTL it was told (a JVM with a security manager: for ever; without one: 30 s). */
export const cacheSchema = z.string().refine((text) => text === 'forever' || (parseDuration(text) ?? 0) > 0, 'write a duration with its unit, such as 30s, or forever').optional();

/** What such a cache is to a look. */
export function cacheOf(text: string | undefined): Manner['cache'] {
  return text === undefined || text === 'forever' ? text : parseDuration(text) ?? undefined;
}

/** What a client of the service talks to when nobody says otherwise: the service's name from outside, the region's own app from inside it. */
export function nearest(place: Place): Target {
  return place === 'outside' ? 'service' : { place, part: 'app' };
}
