import { refuse, type Binding } from './bind.ts';
import type { Path } from '../scenario/yaml-file.ts';
import { partsIn, type Part, type Place } from '../topology.ts';
import type { Pull, Side } from '../world.ts';

/** Notes what a fault would pull that is not there, or that the world says it cannot. */
export function checkPulls(binding: Binding, pulls: readonly Pull[], path: Path): void {
  const found = binding.problems.length;
  for (const pull of pulls) checkPull(binding, pull, path);
  if (binding.problems.length > found) return;
  const refused = new Set(pulls.flatMap((pull) => binding.offer.cannot?.(pull) ?? []));
  for (const why of refused) refuse(binding, path, `the ${binding.offer.name} world ${why}`, 'break something else, or choose another world with --on');
}

function checkPull(binding: Binding, pull: Pull, path: Path): void {
  if (pull.lever === 'kill' || pull.lever === 'freeze') checkSpot(binding, pull.place, pull.part === 'all' ? undefined : pull.part, path);
  if (pull.lever === 'overwrite' && pull.answer !== 'empty') checkSpot(binding, pull.answer.region, 'app', path);
  if (pull.lever !== 'cut') return;
  const { a, b } = pull;
  for (const side of [a, b]) if (side !== 'rest') { checkSpot(binding, side.place, side.part, path); checkOnly(binding, side, path); }
  const apart = a === 'rest' || b === 'rest' || a.place !== b.place || (a.part !== undefined && b.part !== undefined && (a.part !== b.part || a.only !== b.only));
  if (!apart || (a === 'rest' && b === 'rest')) refuse(binding, path, 'both ends of the cut are one', 'name two places, or two parts');
}

function checkSpot(binding: Binding, place: Place, part: Part | undefined, path: Path): void {
  const { topology } = binding;
  if (!topology.places.includes(place)) { refuse(binding, path, `there is no place "${place}"`, `places are: ${topology.places.join(', ')}`); return; }
  const parts = partsIn(topology, place);
  if (part !== undefined && !parts.includes(part)) refuse(binding, path, `${place} has no ${part}`, `${place} has: ${parts.join(', ')}`);
}

function checkOnly(binding: Binding, { part, only }: Exclude<Side, 'rest'>, path: Path): void {
  if (only === undefined) return;
  const names = part === 'authorities' ? binding.topology.authorities : part === 'resolver' ? binding.topology.resolvers.map(({ name }) => name) : [];
  if (!names.includes(only)) refuse(binding, path, `there is no ${part ?? 'part'} called "${only}"`, names.length === 0 ? 'only authorities and resolvers have names of their own' : `there are: ${names.join(', ')}`);
}
