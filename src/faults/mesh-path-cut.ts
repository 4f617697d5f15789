import { z } from 'zod';
import type { Fault } from '../fault.ts';

const params = z.strictObject({ region: z.string().min(1) });
type Params = z.output<typeof params>;

/** Cuts a region's gateway from its app: Kubernetes, which asks the app itself, finds it ready, and only the mesh can notice. */
export const meshPathCut: Fault<Params, 'sever'> = {
  kind: 'mesh-path-cut',
  about: 'cuts the gateway of a region from its app: the app stays ready for Kubernetes, and only the mesh can send users elsewhere',
  params,
  needs: ['sever'],
  touches: ({ region }) => [`the path of ${region} from its gateway to its app`],
  inject: async (pull, { region }, _topology, forMs) => [await pull.sever(region, 'gateway', 'app', forMs)],
  // From the gateway's own address: the agent's own way to the app is another one.
  proof: ({ region }) => [{ from: region, as: 'gateway', to: { place: region, part: 'app' }, bitten: ['silent'] }],
};
