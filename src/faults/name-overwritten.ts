import { z } from 'zod';
import type { Fault, Proof } from '../fault.ts';
import type { Overwritten } from '../world.ts';
import { pullAll } from './pull.ts';

const params = z.strictObject({
  /** `empty`, or the region whose address the name is given. */
  answer: z.string().min(1),
});
type Params = z.output<typeof params>;

/** Somebody else than the load balancer changes the service's name at all authorities: to nothing, or to what an older plan said. */
export const nameOverwritten: Fault<Params, 'overwrite'> = {
  kind: 'name-overwritten',
  about: 'a second writer changes the service\'s name at all authorities: it has no address any more (empty), or that of a region, as an older plan said',
  params,
  needs: ['overwrite'],
  pulls: (chosen) => [{ lever: 'overwrite', answer: answerOf(chosen) }],
  touches: () => ['the service\'s name'],
  inject: (levers, chosen, _topology, forMs) => pullAll(levers, [{ lever: 'overwrite', answer: answerOf(chosen) }], forMs),
  proof: (chosen, topology) => topology.authorities.map((server): Proof => ({ from: 'outside', server, bitten: answerOf(chosen) })),
};

function answerOf({ answer }: Params): Overwritten {
  return answer === 'empty' ? answer : { region: answer };
}
