import { z } from 'zod';
import type { Fault } from '../fault.ts';
import { parts } from '../topology.ts';
import type { Pull, Side } from '../world.ts';
import { proveCut } from './cut-proof.ts';
import { pullAll } from './pull.ts';

const side = z.union([z.literal('rest'), z.strictObject({
  place: z.string().min(1), part: z.enum(parts).optional(),
  /** One of several of a part, by its name: `authority-2`. */
  only: z.string().min(1).optional(),
})]);
const params = z.strictObject({
  a: side, b: side,
  how: z.enum(['drop', 'reject']).default('drop'),
  /** As `a` sees it. */
  direction: z.enum(['in', 'out', 'both']).default('both'),
});
type Params = z.output<typeof params>;

/** Cuts one link and leaves all others alone, so that some see what others do not. */
export const linkCut: Fault<Params, 'cut'> = {
  kind: 'link-cut',
  about: 'cuts the link between two places, or two parts of them, and no other: some see what others do not; dropped or rejected, both ways or one',
  params,
  needs: ['cut'],
  pulls: (chosen) => [pullOf(chosen)],
  touches: ({ a, b }) => [`the link ${[saySide(a), saySide(b)].sort().join(' <-> ')}`],
  inject: (levers, chosen, _topology, forMs) => pullAll(levers, [pullOf(chosen)], forMs),
  proof: ({ how, direction, ...ends }, topology) => proveCut(sideOf(ends.a), sideOf(ends.b), { how, direction }, topology),
};

function pullOf({ a, b, how, direction }: Params): Pull {
  return { lever: 'cut', a: sideOf(a), b: sideOf(b), how: { how, direction } };
}

function sideOf(given: Params['a']): Side {
  if (given === 'rest') return given;
  const { place, part, only } = given;
  return { place, ...(part === undefined ? {} : { part }), ...(only === undefined ? {} : { only }) };
}

function saySide(given: Params['a']): string {
  return given === 'rest' ? 'everything else' : [given.place, given.only ?? given.part].filter((word) => word !== undefined).join('/');
}
