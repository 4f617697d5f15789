import type { Details, dnsConvergence } from '../../checks/dns-convergence.ts';
import type { Entry, History } from '../../history.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { openCache, type Authority, type Habit } from './caches.ts';
import { addresses, historyOf, lookAs, regions, watchedAs } from '../histories.ts';
import { invented } from '../miss.ts';

/** A kind of resolver, how often it is asked, and how it must be spoken of: by one of these signs, or not at all. */
interface Kind { readonly habit: Habit; readonly everyMs: number; readonly signs: readonly string[]; readonly away?: 'briefly' | 'for long'; readonly negative?: true }

const [busyMs, sparseMs] = [250, 5_000];
const held = ['held beyond the TTL'];

/** Every planted resolver by name: the first are innocent, and have no sign. */
export const plantedResolvers = {
  'strict, busy': { habit: {}, everyMs: busyMs, signs: [] },
  'strict, sparse': { habit: {}, everyMs: sparseMs, signs: [] },
  'strict, flapping': { habit: { backEnds: 3 }, everyMs: busyMs, signs: [] },
  'strict, no such name': { habit: {}, everyMs: busyMs, signs: [], negative: true },
  'strict, authority away': { habit: {}, everyMs: busyMs, signs: [], away: 'briefly' },
  'stale after failing, busy': { habit: { stale: 'after failing' }, everyMs: busyMs, signs: [] },
  'stale after failing, sparse': { habit: { stale: 'after failing' }, everyMs: sparseMs, signs: [] },
  'stretches, and says so': { habit: { minTtlMs: 60_000 }, everyMs: busyMs, signs: ['raised TTL'] },
  'stretches in secret': { habit: { minTtlMs: 45_000, hidesTtl: true }, everyMs: busyMs, signs: held },
  'stretches in secret, sparse': { habit: { minTtlMs: 60_000, hidesTtl: true }, everyMs: sparseMs, signs: held },
  'one of three stretches': { habit: { minTtlMs: 60_000, hidesTtl: true, backEnds: 3 }, everyMs: busyMs, signs: held },
  'never asks again': { habit: { minTtlMs: Number.POSITIVE_INFINITY, hidesTtl: true }, everyMs: busyMs, signs: ['never let go'] },
  'stale at once, busy': { habit: { stale: 'at once' }, everyMs: busyMs, signs: ['stale answer'] },
  'stale at once, sparse': { habit: { stale: 'at once' }, everyMs: sparseMs, signs: ['stale answer'] },
  'stale after failing, away': { habit: { stale: 'after failing' }, everyMs: busyMs, signs: ['stale answer'], away: 'for long' },
} as const satisfies Readonly<Record<string, Kind>>;
export type PlantedResolver = keyof typeof plantedResolvers;

/** One planted resolver: in what ways it was spoken of wrongly. Null misses: by the course of this history it behaved as an honest one may, and nothing can be asked. */
export interface Named { readonly kind: PlantedResolver; readonly misses: readonly string[] | null }

const [cutMs, endMs, ttlMs] = [20_000, 60_000, 2_000];

interface Asked { readonly server: string; readonly kind: Kind; readonly looks: readonly { readonly at: number; readonly old: boolean; readonly stale: boolean }[] }

/** Moves a name under every kind of resolver, at random phases, and has them judged by `check`: the planted are named for what they did, the innocent never are. */
export function plantResolvers(check: typeof dnsConvergence, histories: number, seed: string): Named[] {
  const random = makeRandom(`resolvers ${seed}`);
  return Array.from({ length: histories }, () => {
    const flipMs = cutMs + 1_000 + 3_000 * random();
    const { history, asked } = storyOf(flipMs, random);
    const { resolvers } = check.judge(history, {}).details as Details;
    return asked.map(({ server, kind, looks }): Named => {
      const said = resolvers.find((resolver) => resolver.server === server);
      return { kind: server as PlantedResolver, misses: !said ? ['not measured'] : compare(kind, looks, flipMs, said) };
    });
  }).flat();
}

function compare({ signs, everyMs }: Kind, looks: Asked['looks'], flipMs: number, said: Details['resolvers'][number]): string[] | null {
  const lastOld = looks.findLast(({ old }) => old)?.at ?? 0;
  if (signs.length === 0) return said.signs.length === 0 ? boundsOf(lastOld - flipMs, said) : [invented(`innocent, and named: ${said.signs.join(', ')}`)];
  // By chance what it kept ran out at the change, or nobody asked in time: it did what an honest one may do. Authorities are asked, too, which leaves two intervals open.
  const open = ttlMs + 1_000 + 2 * busyMs;
  const sinned = signs[0] === 'stale answer' ? looks.some(({ at, stale }) => stale && at > flipMs + open) : signs[0] === 'raised TTL' || lastOld > flipMs + open + everyMs;
  if (!sinned) return null;
  return said.signs.includes(signs[0] as never) ? boundsOf(lastOld - flipMs, said) : [`planted, and not named: ${signs[0]}${said.signs.length === 0 ? '' : ` (but ${said.signs.join(', ')})`}`];
}

/** A truth (ms) that is not within what was said of it. */
function boundsOf(truthMs: number, { convergence }: Details['resolvers'][number]): string[] {
  if (!convergence) return ['not measured'];
  const truth = Math.max(0, truthMs) / 1_000;
  const high = convergence.high ?? Number.POSITIVE_INFINITY;
  return convergence.low - 0.001 <= truth && truth <= high + 0.001 ? [] : [`held for ${truth} s, which is not within ${convergence.low}-${convergence.high}`];
}

function storyOf(flipMs: number, random: () => number): { readonly history: History; readonly asked: readonly Asked[] } {
  const entries: Entry[] = [{ kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: endMs, phase: 'quiesce' }];
  const authority = authorityOf(flipMs);
  for (const server of ['authority-1', 'authority-2']) ask(entries, server, busyMs, random, (at) => ({ addresses: authority(at)?.addresses ?? [], ttl: 2, rcode: 'NOERROR', ede: null }));
  const asked = Object.entries(plantedResolvers as Readonly<Record<string, Kind>>).map(([server, kind]): Asked => {
    const cache = openCache(authorityOf(flipMs, kind), kind.habit, random);
    return { server, kind, looks: ask(entries, server, kind.everyMs, random, cache) };
  });
  const probes = [...asked.map(({ server, kind }) => ({ server, everyMs: kind.everyMs })), ...['authority-1', 'authority-2'].map((server) => ({ server, everyMs: busyMs }))];
  return {
    asked,
    history: historyOf({
      cut: { low: cutMs, high: cutMs + 50 }, entries, resolvers: asked.map(({ server }) => ({ name: server, kind: 'strict' as const, planted: false })),
      probes: probes.map(({ server, everyMs }) => watchedAs(`names@${server}`, 'dns', 'dns', everyMs, { servers: [server], name: 'service' })),
    }),
  };
}

/** The truth: the old address, for some a while of no such name, then the new one; for some it cannot be reached around the change. */
function authorityOf(flipMs: number, { away, negative }: Partial<Kind> = {}): Authority {
  const back = away === 'briefly' ? flipMs + 1_000 : away === 'for long' ? flipMs + 20_000 : 0;
  return (at) => {
    if (at > flipMs - 4_000 && at < back) return null;
    if (negative && at >= flipMs - 500 && at < flipMs) return { addresses: [], ttlMs };
    return { addresses: [addresses[at < flipMs ? regions.old : regions.taking]], ttlMs };
  };
}

function ask(entries: Entry[], server: string, everyMs: number, random: () => number, answer: (at: number) => Omit<import('../../seen.ts').DnsSeen, 'server'>): Asked['looks'] {
  const phase = random() * everyMs;
  const looks: { at: number; old: boolean; stale: boolean }[] = [];
  for (let seq = 0, at = phase; at < endMs; seq += 1, at += everyMs) {
    const reached = at + random() * 5;
    const seen = answer(reached);
    const ok = seen.rcode === 'NOERROR' && seen.addresses.length > 0;
    entries.push(lookAs('dns', `names@${server}`, seq, at, reached + random() * 5, { server, ...seen }, ok));
    looks.push({ at: reached, old: ok && seen.addresses.includes(addresses[regions.old]), stale: seen.ede === 3 });
  }
  return looks;
}
