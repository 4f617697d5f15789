import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { controlParts } from '../topology.ts';
import type { Undo } from '../world.ts';

const params = z.strictObject({
  region: z.string().min(1),
  parts: z.array(z.enum(controlParts)).min(1).default([...controlParts]),
});
type Params = z.output<typeof params>;

/** Stalls what runs a region's workloads and its mesh, and leaves alone what serves users. */
export const controlPlane: Fault<Params, 'stall'> = {
  kind: 'control-plane',
  about: 'stalls the control plane of a region (API server, istiod) and nothing that serves users',
  params,
  needs: ['stall'],
  touches: ({ region, parts }) => parts.map((part) => `the ${part} of ${region}`),
  async inject(pull, { region, parts }, _topology, forMs) {
    const undo: Undo[] = [];
    try {
      for (const part of parts) undo.push(await pull.stall(region, part, forMs));
    } catch (error) {
      for (const one of undo.reverse()) await one.heal().catch(() => {}); // its own deadline ends what cannot be healed now
      throw error;
    }
    return undo;
  },
  // From within the region: that is where they are asked.
  proof: ({ region, parts }) => parts.map((part) => ({ from: region, to: { place: region, part }, bitten: ['accepts-but-dead'] })),
};
