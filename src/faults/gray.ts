import { z } from 'zod';
import type { Fault, Proof } from '../fault.ts';
import type { Pull } from '../world.ts';
import { pullAll } from './pull.ts';

const params = z.strictObject({
  region: z.string().min(1),
  /** How many of the packets to and from it are lost, by chance. */
  sharePct: z.number().min(5).max(95),
});
type Params = z.output<typeof params>;

/** How sure the looks must be, each: the chance that all of them miss a share of packets that is lost. */
const missed = 1e-3;

/** Loses part of the packets of a region, by chance: it is neither up nor down. */
export const gray: Fault<Params, 'cut'> = {
  kind: 'gray',
  about: 'loses part of the packets to and from a region, by chance: neither up nor down, and green to health checks that need few answers',
  params,
  needs: ['cut'],
  pulls: (chosen) => [pullOf(chosen)],
  touches: ({ region }, topology) => topology.places.filter((place) => place !== region).map((place) => `the link ${[region, place].sort().join(' <-> ')}`),
  inject: (levers, chosen, _topology, forMs) => pullAll(levers, [pullOf(chosen)], forMs),
  proof({ region, sharePct }, topology) {
    // A connection within a second needs its first packet and the answer to it: either lost, it is tried again a second later.
    const looks = Math.ceil(Math.log(missed) / (2 * Math.log(1 - sharePct / 100)));
    const lost = { looks, bitten: ['silent', 'accepts-but-dead'] } as const;
    return [
      ...topology.places.filter((place) => place !== region).flatMap((from): Proof[] => [{ from, to: { place: region, part: 'app' }, ...lost }, { from, to: { place: region, part: 'database' }, ...lost }]),
      { from: region, to: 'control', ...lost },
    ];
  },
};

function pullOf({ region, sharePct }: Params): Pull {
  return { lever: 'cut', a: { place: region }, b: 'rest', how: { how: 'drop', direction: 'both', sharePct } };
}
