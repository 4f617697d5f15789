import type { Entry, Mark, Sample } from '../../history.ts';
import type { CensusSeen, Outcome } from '../../seen.ts';
import type { Topology } from '../../topology.ts';
import type { BoundProbe, World } from '../../world.ts';
import { simulation } from './provider.ts';

const probe = (name: string, kind: string, place: string, everyMs: number, timeoutMs: number, params: Record<string, unknown> = {}): BoundProbe => ({ name, kind, place, everyMs, timeoutMs, params });
const names = (server: string) => probe(`names@${server}`, 'dns', 'outside', 250, 2_000, { servers: [server], domain: 'app.regionfall.test' });

/** What a drill watches with. */
export const probes: readonly BoundProbe[] = [
  probe('front door', 'http', 'outside', 250, 250, { path: '/orders' }),
  probe('control', 'http', 'outside', 250, 250, { target: 'control' }),
  names('strict'), names('stretch'), names('authority-1'),
  probe('writer', 'ledger', 'outside', 20, 12_000),
  probe('inside', 'ledger', 'ap-northeast-2', 20, 12_000),
];

/** What happened in a simulated run, watched: its entries and both copies as the story left them to be read. */
export interface Told { readonly entries: readonly Entry[]; readonly marks: readonly Mark[]; readonly old: CensusSeen; readonly current: CensusSeen; readonly endedAt: number }

export const never = new AbortController().signal;
export const black = { how: 'drop', direction: 'both' } as const;

/** Opens a world, watches it while `act` goes on, and reads both copies before it closes. */
export async function tell(topology: Topology, id: string, act: (world: World) => Promise<void>, watched: readonly BoundProbe[] = probes): Promise<Told> {
  await using world = await simulation().open(topology, { id, dir: '/nowhere', endsWithinMs: 1e9 }, () => {}, never);
  const entries: Entry[] = [];
  world.marks((mark) => entries.push(mark));
  const { stop } = await world.watch(watched, (entry) => entries.push(entry));
  await act(world);
  await stop();
  const [old, current] = [await world.from('ap-northeast-2').census?.(never), await world.from('us-west-2').census?.(never)];
  if (!old || !current) throw new Error('no census');
  return { entries, marks: entries.filter((entry) => entry.kind === 'mark'), old, current, endedAt: world.clock.now() };
}

/** Writes of a run with one outcome. */
export function writesOf(entries: readonly Entry[], outcome: Outcome): Sample<'write'>[] {
  return entries.filter((entry): entry is Sample<'write'> => entry.kind === 'sample' && entry.says === 'write').filter(({ data }) => data?.outcome === outcome);
}

/** Whether a copy has the row of a write. */
export function has(census: CensusSeen, write: Sample<'write'>): boolean {
  const [writer = '', number = ''] = write.data?.op.split(':') ?? [];
  return (census.rows[writer]?.numbers ?? []).some(([from, to]) => from <= Number(number) && Number(number) <= to);
}
