import type { Part } from '../../topology.ts';
import type { Pull, Side } from '../../world.ts';

const stoppable: ReadonlySet<Part | 'all'> = new Set(['app', 'database', 'all']);

/** Why a world of clusters cannot make a pull; null where it can. What stands outside are containers beside the clusters, which no lever enters, and which nothing can be looked from but as a client. */
export function cannot(pull: Pull): string | null {
  switch (pull.lever) {
    case 'kill': case 'freeze': return pull.place !== 'outside' && stoppable.has(pull.part) ? null : `cannot ${pull.lever} the ${pull.part} of ${pull.place}: it can stop the app and the database of a region`;
    case 'cut': return cannotCut(pull.a, pull.b, pull.how.flap !== undefined);
    default: return null;
  }
}

function cannotCut(a: Side, b: Side, flaps: boolean): string | null {
  if (flaps) return 'cannot make a cut come and go';
  const outside = [a, b].filter((side) => side !== 'rest' && side.place === 'outside');
  if (outside.length === 2) return 'cannot cut what stands outside from each other';
  const strange = [a, b].find((side) => side !== 'rest' && !canLookFrom(side));
  return strange && strange !== 'rest' ? `cannot look from the ${strange.part ?? 'part'} of ${strange.place}, so nothing would show that the cut bites` : null;
}

function canLookFrom({ place, part, only }: Exclude<Side, 'rest'>): boolean {
  return only === undefined && (part === undefined || part === 'clients' || (place !== 'outside' && (part === 'app' || part === 'database')));
}
