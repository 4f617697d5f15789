import type { ReachProof } from '../fault.ts';
import type { Reach, Target } from '../seen.ts';
import { partsIn, type Part, type Topology } from '../topology.ts';
import type { Cut, Side } from '../world.ts';

type End = Exclude<Side, 'rest'>;
/** Parts that answer a connection; clients do not, and the pilot listens to no network. */
const answering: ReadonlySet<Part> = new Set(['app', 'database', 'resolver', 'authorities', 'checkers', 'witness']);

/** Connections that show a cut between two sides, each from where and to what it hits: both ways round, for the way in is another matter than the way out. */
export function proveCut(a: Side, b: Side, how: Cut, topology: Topology): readonly ReachProof[] {
  return endsOf(a, b, topology).flatMap((one) => endsOf(b, a, topology).flatMap((two) => [
    ...prove(one, two, outgoing(how, 'out'), topology),
    ...prove(two, one, outgoing(how, 'in'), topology),
  ]));
}

/** What a new connection meets that begins with a packet in this direction (as the first side sees it). What is rejected on its way back is not told to whoever began. */
function outgoing({ how, direction }: Cut, way: 'in' | 'out'): readonly Reach[] {
  return how === 'reject' && (direction === 'both' || direction === way) ? ['refused'] : ['silent'];
}

function endsOf(side: Side, other: Side, topology: Topology): readonly End[] {
  if (side !== 'rest') return [side];
  return topology.places.filter((place) => other !== 'rest' && place !== other.place).map((place) => ({ place }));
}

function prove(from: End, to: End, bitten: readonly Reach[], topology: Topology): ReachProof[] {
  // One of several has no address of its own to look from; a place without a part is looked from as clients look.
  if (from.only !== undefined) return [];
  const as = from.part === undefined || from.part === 'clients' ? {} : { as: from.part };
  return targetsIn(to, topology).map((target) => ({ from: from.place, ...as, to: target, bitten }));
}

function targetsIn(to: End, topology: Topology): Target[] {
  const parts = to.part === undefined ? partsIn(topology, to.place).filter((part) => (to.place === 'outside' ? part === 'authorities' : part === 'app' || part === 'database')) : [to.part];
  return parts.filter((part) => answering.has(part)).map((part) => ({ place: to.place, part, ...(to.only === undefined ? {} : { only: to.only }) }));
}
