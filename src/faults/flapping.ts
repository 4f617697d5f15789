import { z } from 'zod';
import { ms } from '../duration.ts';
import type { Fault } from '../fault.ts';
import type { Pull } from '../world.ts';
import { pullAll } from './pull.ts';
import { regionOutage } from './region-outage.ts';

/** A time shorter than this could not be seen to bite. */
const leastMs = 3_000;
const time = () => ms().refine((value) => value >= leastMs, { error: 'must be at least 3s', params: { hint: 'write 3s or more' } });
const params = z.strictObject({
  region: z.string().min(1),
  /** How long it is gone each time, and how long it is back. */
  gone: time(), back: time(),
});
type Params = z.output<typeof params>;

/** A region that goes silent and returns, again and again, beginning with silence. */
export const flapping: Fault<Params, 'cut'> = {
  kind: 'flapping',
  about: 'a region goes silent and returns, again and again: what counts is how often the system moves',
  params,
  needs: ['cut'],
  pulls: (chosen) => [pullOf(chosen)],
  touches: ({ region }, topology) => regionOutage.touches({ region, how: 'black-hole' }, topology),
  inject: (levers, chosen, _topology, forMs) => pullAll(levers, [pullOf(chosen)], forMs),
  proof: ({ region }, topology) => regionOutage.proof({ region, how: 'black-hole' }, topology),
};

function pullOf({ region, gone, back }: Params): Pull {
  return { lever: 'cut', a: { place: region }, b: 'rest', how: { how: 'drop', direction: 'both', flap: { onMs: gone, offMs: back } } };
}
