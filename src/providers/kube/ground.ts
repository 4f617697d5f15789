import type { Part, Place } from '../../topology.ts';
import type { Side } from '../../world.ts';
import type { Cluster } from './kind.ts';
import { edgeParts, regionOf, type Layout } from './layout.ts';

/** What levers and looks stand on: clusters by region, and the addresses of the pods behind each part. */
export interface Ground {
  readonly layout: Layout;
  readonly clusters: ReadonlyMap<Place, Cluster>;
  readonly pods: Readonly<Record<Place, Readonly<Partial<Record<Part, readonly string[]>>>>>;
}

/** The cluster of a region. Throws where there is none. */
export function clusterIn(ground: Ground, place: Place): Cluster {
  const found = ground.clusters.get(place);
  if (!found) throw new Error(`there is no region "${place}"`);
  return found;
}

/** What a side of a cut means as addresses and networks; `rest` is every place but the other side's, with the control point, without the host: its path is never cut. */
export function networksOf(ground: Ground, side: Side, other: Side): readonly string[] {
  const { layout } = ground;
  if (side === 'rest') {
    if (other === 'rest') throw new Error('a cut between rest and rest cuts nothing');
    const regions = layout.regions.filter((region) => region.name !== other.place).flatMap((region) => networksOf(ground, { place: region.name }, other));
    return [...(other.place === 'outside' ? [] : [`${layout.net}.2-${layout.net}.127`]), ...regions];
  }
  if (side.place === 'outside') return side.part === undefined ? [`${layout.net}.2-${layout.net}.125`] : (edgeParts(layout)[side.part] ?? []);
  const cluster = clusterIn(ground, side.place);
  if (side.part === undefined) return [cluster.address, regionOf(layout, side.place).pods];
  return ground.pods[side.place]?.[side.part] ?? [];
}

/** The clusters in whose nodes a cut is made: all that a side stands in, each once. */
export function cutIn(ground: Ground, a: Side, b: Side): readonly Cluster[] {
  const named = [a, b].flatMap((side) => (side === 'rest' || side.place === 'outside' ? [] : [clusterIn(ground, side.place)]));
  return named.length > 0 ? [...new Set(named)] : [...ground.clusters.values()];
}
