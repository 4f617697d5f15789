import { z } from 'zod';
import type { Fault, Proof } from '../fault.ts';
import { parts, type Topology } from '../topology.ts';
import type { Pull } from '../world.ts';
import { pullAll } from './pull.ts';

const params = z.strictObject({
  place: z.string().min(1),
  part: z.enum(parts).exclude(['clients', 'gateway', 'api-server', 'istiod']),
  /** crash: its programs die, and connections are refused. freeze: they stop where they are; connections are accepted, and never answered. */
  how: z.enum(['crash', 'freeze']),
});
type Params = z.output<typeof params>;

/** Loses one part of a place: dead, or accepting and never answering. */
export const partOutage: Fault<Params, 'kill' | 'freeze'> = {
  kind: 'part-outage',
  about: 'loses one part of a place (app, database, resolver, witness; outside: authorities, resolver, checkers, pilot, witness): its programs die (crash), or accept and never answer (freeze)',
  params,
  needs: ({ how }) => [leverOf(how)],
  pulls: (chosen) => [pullOf(chosen)],
  touches: ({ place, part }) => [`the ${part} of ${place}`],
  inject: (levers, chosen, _topology, forMs) => pullAll(levers, [pullOf(chosen)], forMs),
  proof({ place, part, how }, topology) {
    const from = place === 'outside' ? ['outside'] : topology.places.filter((other) => other !== place);
    return from.flatMap((one) => namesOf(place, part, topology).map((only): Proof => (
      { from: one, to: { place, part, ...(only === null ? {} : { only }) }, bitten: [how === 'crash' ? 'refused' : 'accepts-but-dead'] })));
  },
};

function leverOf(how: Params['how']): 'kill' | 'freeze' {
  return how === 'crash' ? 'kill' : 'freeze';
}

function pullOf({ place, part, how }: Params): Pull {
  return { lever: leverOf(how), place, part };
}

/** There are several of some parts, each to be looked at. */
function namesOf(place: string, part: Params['part'], topology: Topology): readonly (string | null)[] {
  if (part === 'witness') return topology.settings.failover.witnesses.filter((one) => one.place === place).map(({ name }) => name);
  if (place !== 'outside') return [null];
  return part === 'authorities' ? topology.authorities : part === 'resolver' ? topology.resolvers.map(({ name }) => name) : [null];
}
