import { must } from '../../exec.ts';
import type { Place } from '../../topology.ts';
import { cutIn, networksOf, type Ground } from './ground.ts';
import type { Cluster } from './kind.ts';
import { ports, type Layout } from './layout.ts';
import type { Cut, Side } from '../../world.ts';
import { elementsText, removalText, rulesText, type NftCut } from '../nft.ts';

/** The table of a node that is ours: cuts, and the doors that only some may use. */
export const table = 'inet regionfall';
const hooks = ['input', 'forward', 'output'] as const;

/** Makes the table of a node: chains for cuts, and the rule that lets only the drill's own addresses and `pods` of this region through the doors of app and database. Safe to do again. */
export async function layTable(cluster: Cluster, layout: Layout, pods: readonly string[], nodes: Readonly<Record<Place, string>>): Promise<void> {
  const others = Object.entries(nodes).filter(([region]) => region !== cluster.region).map(([, address]) => address);
  const may = [layout.agent, layout.pilot, ...pods, ...others].join(', ');
  const input = [
    `add table ${table}`, `delete table ${table}`, `add table ${table}`,
    ...hooks.map((hook) => `add chain ${table} ${hook}-cuts { type filter hook ${hook} priority -300; policy accept; }`),
    `add chain ${table} doors { type filter hook forward priority -290; policy accept; }`,
    `add rule ${table} doors tcp dport { ${ports.app}, ${ports.database} } ip saddr != { ${may} } reject with tcp reset`,
    '',
  ].join('\n');
  await must(cluster.node, ['nft', '-f', '-'], { input, timeoutMs: 30_000 });
}

/** Cuts two sides apart in the nodes of the regions concerned; the kernel itself lets the cut expire. Answers how to take it back. */
export async function cutApart(ground: Ground, set: string, a: Side, b: Side, how: Cut, forMs: number): Promise<() => Promise<void>> {
  if (a !== 'rest' && b !== 'rest' && a.place === b.place && (a.part === undefined || a.part === b.part)) throw new Error('both sides are one and the same: there is nothing between them that could be cut');
  const left = networksOf(ground, a, b);
  const right = networksOf(ground, b, a);
  if (left.length === 0 || right.length === 0) throw new Error('one of the sides has no such part');
  const cut: NftCut = { table, chains: hooks.map((hook) => `${hook}-cuts`), set, left, right, how };
  const input = `${rulesText(cut)}\n${elementsText(cut, forMs)}\n`;
  // Two nodes would each take their share of the same packets.
  const nodes = how.sharePct === undefined ? cutIn(ground, a, b) : cutIn(ground, a, b).slice(0, 1);
  const heal = async () => { await Promise.all(nodes.map((cluster) => removeCut(cluster, set))); };
  await Promise.all(nodes.map((cluster) => must(cluster.node, ['nft', '-f', '-'], { input, timeoutMs: 20_000 }))).catch(async (error: unknown) => { await heal().catch(() => {}); throw error; });
  return heal;
}

async function removeCut(cluster: Cluster, set: string): Promise<void> {
  const listing = await must(cluster.node, ['nft', '-a', 'list', 'table', ...table.split(' ')], { timeoutMs: 20_000 });
  const input = removalText({ table, chains: hooks.map((hook) => `${hook}-cuts`), set }, listing);
  if (input !== '') await must(cluster.node, ['nft', '-f', '-'], { input, timeoutMs: 20_000 });
}

