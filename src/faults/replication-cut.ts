import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { primaryOf, type Place, type Topology } from '../topology.ts';
import type { Pull } from '../world.ts';
import { pullAll } from './pull.ts';

const params = z.strictObject({
  /** Whose database loses its links to the others; the primary region's where it is not said. */
  region: z.string().min(1).optional(),
});
type Params = z.output<typeof params>;

/** Cuts the path between databases and nothing else: users, health checks and the failover controller notice nothing, the replica falls behind. */
export const replicationCut: Fault<Params, 'cut'> = {
  kind: 'replication-cut',
  about: 'cuts the path between the databases of two regions and nothing else: the replica falls behind while everything looks well',
  params,
  needs: ['cut'],
  touches: (chosen, topology) => pairsOf(chosen, topology).map((pair) => `the replication path ${[...pair].sort().join(' <-> ')}`),
  pulls: (chosen, topology) => pullsOf(chosen, topology),
  inject: (levers, chosen, topology, forMs) => pullAll(levers, pullsOf(chosen, topology), forMs),
  // From the databases' own addresses: what looks from anywhere else goes another way, and finds nothing wrong.
  proof: (chosen, topology) => pairsOf(chosen, topology).flatMap(([a, b]) => [
    { from: a, as: 'database' as const, to: { place: b, part: 'database' as const }, bitten: ['silent' as const] },
    { from: b, as: 'database' as const, to: { place: a, part: 'database' as const }, bitten: ['silent' as const] },
  ]),
};

function pullsOf(chosen: Params, topology: Topology): Pull[] {
  return pairsOf(chosen, topology).map(([a, b]) => ({ lever: 'cut', a: { place: a, part: 'database' }, b: { place: b, part: 'database' }, how: { how: 'drop', direction: 'both' } }));
}

function pairsOf({ region }: Params, topology: Topology): (readonly [Place, Place])[] {
  const one = region ?? primaryOf(topology).name;
  return topology.regions.filter((other) => other.name !== one).map((other) => [one, other.name] as const);
}
