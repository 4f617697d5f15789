import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { primaryOf, type Place, type Topology } from '../topology.ts';
import type { Undo } from '../world.ts';

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
  async inject(pull, chosen, topology, forMs) {
    const undo: Undo[] = [];
    try {
      for (const [a, b] of pairsOf(chosen, topology)) undo.push(await pull.cut({ place: a, part: 'database' }, { place: b, part: 'database' }, { how: 'drop', direction: 'both' }, forMs));
    } catch (error) {
      for (const one of undo.reverse()) await one.heal().catch(() => {}); // its own deadline ends what cannot be healed now
      throw error;
    }
    return undo;
  },
  // From the databases' own addresses: what looks from anywhere else goes another way, and finds nothing wrong.
  proof: (chosen, topology) => pairsOf(chosen, topology).flatMap(([a, b]) => [
    { from: a, as: 'database' as const, to: { place: b, part: 'database' as const }, bitten: ['silent' as const] },
    { from: b, as: 'database' as const, to: { place: a, part: 'database' as const }, bitten: ['silent' as const] },
  ]),
};

function pairsOf({ region }: Params, topology: Topology): (readonly [Place, Place])[] {
  const one = region ?? primaryOf(topology).name;
  return topology.regions.filter((other) => other.name !== one).map((other) => [one, other.name] as const);
}
