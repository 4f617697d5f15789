import { z } from 'zod';
import type { Fault, Proof } from '../fault.ts';
import type { Reach } from '../seen.ts';
import type { Topology } from '../topology.ts';
import type { Cut, Pull } from '../world.ts';
import { pullAll } from './pull.ts';

const params = z.strictObject({
  region: z.string().min(1),
  /**
   * black-hole: packets to and from it vanish. reject: they are refused, TCP by a reset. one-way-in: nothing comes in, what it sends goes out. one-way-out: the other
   * way round. crash: its programs die, its host lives. freeze: its programs stop where they are.
   */
  how: z.enum(['black-hole', 'reject', 'one-way-in', 'one-way-out', 'crash', 'freeze']).default('black-hole'),
});
type Params = z.output<typeof params>;

const cuts: Readonly<Partial<Record<Params['how'], Cut>>> = {
  'black-hole': { how: 'drop', direction: 'both' }, reject: { how: 'reject', direction: 'both' }, 'one-way-in': { how: 'drop', direction: 'in' }, 'one-way-out': { how: 'drop', direction: 'out' },
};
/** What a new connection meets: nothing at all, also where only one way is cut, for a connection takes both; a refusal; a kernel that accepts for a program that never answers. */
const bitten = { 'black-hole': ['silent'], reject: ['refused'], 'one-way-in': ['silent'], 'one-way-out': ['silent'], crash: ['refused'], freeze: ['accepts-but-dead'] } as const satisfies Record<Params['how'], readonly Reach[]>;

/** Loses a whole region: cut off from everything else in one of several ways, crashed, or frozen. */
export const regionOutage: Fault<Params, 'cut' | 'kill' | 'freeze'> = {
  kind: 'region-outage',
  about: 'loses a whole region: its network goes silent (black-hole), refuses (reject) or lets packets through one way only (one-way-in, one-way-out), its programs die (crash), or they stop where they are (freeze)',
  params,
  needs: ({ how }) => [leverOf(how)],
  pulls: (chosen) => [pullOf(chosen)],
  touches({ region, how }, topology) {
    return cuts[how] ? topology.places.filter((place) => place !== region).map((place) => `the link ${[region, place].sort().join(' <-> ')}`) : [`the programs of ${region}`];
  },
  inject: (levers, chosen, _topology, forMs) => pullAll(levers, [pullOf(chosen)], forMs),
  proof: ({ region, how }, topology) => [
    ...othersOf(region, topology).flatMap((from): Proof[] => [
      { from, to: { place: region, part: 'app' }, bitten: bitten[how] },
      { from, to: { place: region, part: 'database' }, bitten: bitten[how] },
    ]),
    // The way out is another matter than the way in: a black hole that lets packets out is none.
    ...(cuts[how] ? [{ from: region, to: 'control' as const, bitten: bitten[how] }] : []),
  ],
};

function leverOf(how: Params['how']): 'cut' | 'kill' | 'freeze' {
  return how === 'crash' ? 'kill' : how === 'freeze' ? 'freeze' : 'cut';
}

function pullOf({ region, how }: Params): Pull {
  const cut = cuts[how];
  return cut ? { lever: 'cut', a: { place: region }, b: 'rest', how: cut } : { lever: how === 'crash' ? 'kill' : 'freeze', place: region, part: 'all' };
}

function othersOf(region: string, topology: Topology): string[] {
  return topology.places.filter((place) => place !== region);
}
