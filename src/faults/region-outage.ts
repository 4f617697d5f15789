import { z } from 'zod';
import type { Fault, Proof } from '../fault.ts';
import type { Reach } from '../seen.ts';
import type { Topology } from '../topology.ts';

const params = z.strictObject({
  region: z.string().min(1),
  /** black-hole: packets to and from it vanish. crash: its programs die, its host lives. freeze: its programs stop where they are. */
  how: z.enum(['black-hole', 'crash', 'freeze']).default('black-hole'),
});
type Params = z.output<typeof params>;

const levers = { 'black-hole': 'cut', crash: 'kill', freeze: 'freeze' } as const;
/** What a new connection meets, by how the region was lost: nothing at all; a host that lives and refuses; a kernel that accepts for a program that never answers. */
const bitten = { 'black-hole': ['silent'], crash: ['refused'], freeze: ['accepts-but-dead'] } as const satisfies Record<Params['how'], readonly Reach[]>;

/** Loses a whole region: cut off from everything else, crashed, or frozen. */
export const regionOutage: Fault<Params, 'cut' | 'kill' | 'freeze'> = {
  kind: 'region-outage',
  about: 'loses a whole region: its network goes silent (black-hole), its programs die (crash), or its programs stop where they are (freeze)',
  params,
  needs: ({ how }) => [levers[how]],
  touches({ region, how }, topology) {
    return how === 'black-hole' ? topology.places.filter((place) => place !== region).map((place) => `the link ${[region, place].sort().join(' <-> ')}`) : [`the programs of ${region}`];
  },
  async inject(pull, { region, how }, _topology, forMs) {
    switch (how) {
      case 'black-hole': return [await pull.cut({ place: region }, 'rest', { how: 'drop', direction: 'both' }, forMs)];
      case 'crash': return [await pull.kill(region, 'all', forMs)];
      case 'freeze': return [await pull.freeze(region, 'all', forMs)];
    }
  },
  proof: ({ region, how }, topology) => [
    ...othersOf(region, topology).flatMap((from): Proof[] => [
      { from, to: { place: region, part: 'app' }, bitten: bitten[how] },
      { from, to: { place: region, part: 'database' }, bitten: bitten[how] },
    ]),
    // The way out is another matter than the way in: a black hole that lets packets out is none.
    ...(how === 'black-hole' ? [{ from: region, to: 'control' as const, bitten: bitten[how] }] : []),
  ],
};

function othersOf(region: string, topology: Topology): string[] {
  return topology.places.filter((place) => place !== region);
}
