import type { Details, dnsConvergence } from '../../checks/dns-convergence.ts';
import type { Entry, History } from '../../history.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { openCache, type Authority, type Habit } from './caches.ts';
import { addresses, historyOf, lookAs, regions, watchedAs } from '../histories.ts';
import { holdMeasures, holdResolver, type Moved, type Told } from './hold.ts';
import { invented } from '../miss.ts';

/** A kind of resolver, how often it is asked, and how it must be spoken of: by one of these signs, or not at all. */
interface Kind { readonly habit: Habit; readonly everyMs: number; readonly signs: readonly string[]; readonly away?: 'before' | 'briefly' | 'for long'; readonly negative?: true }

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
  'stale after failing, before the move': { habit: { stale: 'after failing', retryMs: 1_000 }, everyMs: busyMs, signs: [], away: 'before' },
  'stretches, and says so': { habit: { minTtlMs: 60_000 }, everyMs: busyMs, signs: ['raised TTL'] },
  'stretches in secret': { habit: { minTtlMs: 45_000, hidesTtl: true }, everyMs: busyMs, signs: held },
  'stretches in secret, sparse': { habit: { minTtlMs: 60_000, hidesTtl: true }, everyMs: sparseMs, signs: held },
  'one of three stretches': { habit: { minTtlMs: 60_000, hidesTtl: true, backEnds: 3 }, everyMs: busyMs, signs: held },
  'never asks again': { habit: { minTtlMs: Number.POSITIVE_INFINITY, hidesTtl: true }, everyMs: busyMs, signs: ['never let go'] },
  'stale at once, busy': { habit: { stale: 'at once' }, everyMs: busyMs, signs: ['stale answer'] },
  'stale at once, sparse': { habit: { stale: 'at once' }, everyMs: sparseMs, signs: ['stale answer'] },
  'stale, no such name, away': { habit: { stale: 'after failing' }, everyMs: busyMs, signs: ['stale answer'], away: 'for long', negative: true },
  'stale after failing, away': { habit: { stale: 'after failing' }, everyMs: busyMs, signs: ['stale answer'], away: 'for long' },
} as const satisfies Readonly<Record<string, Kind>>;
export type PlantedResolver = keyof typeof plantedResolvers;

/** One planted resolver: in what ways it was spoken of wrongly. Null misses: by the course of this history it behaved as an honest one may, and nothing can be asked. */
export interface Named { readonly kind: PlantedResolver; readonly misses: readonly string[] | null }

const [cutMs, endMs, ttlMs] = [20_000, 60_000, 2_000];

interface Asked { readonly server: string; readonly kind: Kind; readonly told: readonly Told[] }

/** Moves a name under every kind of resolver, at random phases, and has them judged by `check`: the planted are named for what they did, the innocent never are. */
export function plantResolvers(check: typeof dnsConvergence, histories: number, seed: string): Named[] {
  const random = makeRandom(`resolvers ${seed}`);
  return Array.from({ length: histories }, (_, index) => {
    const moved: Moved = { flipMs: cutMs + 1_000 + 3_000 * random(), ttlMs, offMs: busyMs + 20, from: cutMs, to: endMs };
    // One that is known to hold too long, and does so, and one that is said to and does not.
    const known = index % 2 === 0 ? 'stretches in secret' : 'strict, busy';
    const { history, asked } = storyOf(moved.flipMs, known, random);
    const finding = check.judge(history, {});
    const { resolvers, planted } = finding.details as Details;
    const lengths = asked.filter(({ server }) => server !== known).map(({ told }) => lengthOf(told, moved.flipMs));
    const least = (moved.flipMs - cutMs - 50) / 1_000;
    const ofAll = holdMeasures(finding, { authority: { least, most: least + 0.05 }, lengths, offS: 0.6, named: resolvers.filter(({ signs }) => signs.length > 0).length });
    return asked.map(({ server, kind, told }): Named => {
      const said = resolvers.find((resolver) => resolver.server === server);
      const misses = !said ? ['not measured'] : compare(kind, told, moved, said);
      const more = [...(server === 'strict, sparse' ? ofAll : []), ...(said && said.critical === (server !== known) ? [] : ['counted although it was planted, or not although it was not']), ...(server === known ? holdPlanted(known, misses, planted, finding.ruling) : [])];
      return { kind: server as PlantedResolver, misses: more.length > 0 ? [...(misses ?? []), ...more] : misses };
    });
  }).flat();
}

/** A planted one that is honest was missed, which leaves nothing to be said; one that is not was found, which rules nothing. */
function holdPlanted(known: string, misses: readonly string[] | null, planted: Details['planted'], ruling: string): string[] {
  if (misses === null) return [];
  const [result, ruled] = known === 'strict, busy' ? ['missed', 'inconclusive'] : ['found', 'measured'];
  return planted.length === 1 && planted[0]?.name === known && planted[0].result === result && ruling === ruled ? [] : [`known to be planted, and ${planted.map((one) => `${one.name} is ${one.result}`).join(', ')}, ruled ${ruling}`];
}

/** How long it truly held on, and when the new answer was seen: s after the move, null where it never was. */
function lengthOf(told: readonly Told[], flipMs: number): { readonly held: number; readonly until: number | null } {
  const last = told.findLast(({ old }) => old);
  const next = told.find(({ fresh, started }) => fresh && started > (last?.started ?? 0));
  const after = (at: number) => Math.max(0, at - flipMs) / 1_000;
  return { held: after(last?.at ?? 0), until: next ? after(next.ended) : null };
}

function compare({ signs, everyMs }: Kind, told: readonly Told[], moved: Moved, said: Details['resolvers'][number]): string[] | null {
  const { flipMs } = moved;
  if (signs.length === 0 && said.signs.length > 0) return [invented(`innocent, and named: ${said.signs.join(', ')}`)];
  const misses = holdResolver(told, everyMs, moved, said);
  if (signs.length === 0) return misses;
  // By chance what it kept ran out at the change, or nobody asked in time: it did what an honest one may do. Authorities are asked, too, which leaves two intervals open.
  const open = ttlMs + 1_000 + 2 * busyMs;
  const lastOld = told.findLast(({ old }) => old)?.at ?? 0;
  const sinned = signs[0] === 'stale answer' ? told.some(({ at, stale }) => stale && at > flipMs + open) : signs[0] === 'raised TTL' || lastOld > flipMs + open + everyMs;
  if (!sinned) return misses.length > 0 ? misses : null;
  return said.signs.includes(signs[0] as never) ? misses : [...misses, `planted, and not named: ${signs[0]}${said.signs.length === 0 ? '' : ` (but ${said.signs.join(', ')})`}`];
}

function storyOf(flipMs: number, known: string, random: () => number): { readonly history: History; readonly asked: readonly Asked[] } {
  const entries: Entry[] = [{ kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: endMs, phase: 'quiesce' }];
  const authority = authorityOf(flipMs);
  for (const server of ['authority-1', 'authority-2']) ask(entries, server, busyMs, random, (at) => ({ addresses: authority(at)?.addresses ?? [], ttl: 2, rcode: 'NOERROR', ede: null }));
  const asked = Object.entries(plantedResolvers as Readonly<Record<string, Kind>>).map(([server, kind]): Asked => {
    const cache = openCache(authorityOf(flipMs, kind), kind.habit, random);
    return { server, kind, told: ask(entries, server, kind.everyMs, random, cache) };
  });
  const probes = [...asked.map(({ server, kind }) => ({ server, everyMs: kind.everyMs })), ...['authority-1', 'authority-2'].map((server) => ({ server, everyMs: busyMs }))];
  return {
    asked,
    history: historyOf({
      cut: { low: cutMs, high: cutMs + 50 }, entries, resolvers: asked.map(({ server }) => (server === known ? { name: server, kind: 'stretch' as const, minTtlMs: 60_000, planted: true } : { name: server, kind: 'strict' as const, planted: false })),
      probes: probes.map(({ server, everyMs }) => watchedAs(`names@${server}`, 'dns', 'dns', everyMs, { servers: [server], name: 'service' })),
    }),
  };
}

/** The truth: the old address, for some a while of no such name, then the new one; for some it cannot be reached around the change. */
function authorityOf(flipMs: number, { away, negative }: Partial<Kind> = {}): Authority {
  const back = away === 'before' ? flipMs - 1_000 : away === 'briefly' ? flipMs + 1_000 : away === 'for long' ? flipMs + 20_000 : 0;
  return (at) => {
    if (at > flipMs - 4_000 && at < back) return null;
    if (negative && at >= flipMs - (away ? 4_500 : 500) && at < flipMs) return { addresses: [], ttlMs };
    return { addresses: [addresses[at < flipMs ? regions.old : regions.taking]], ttlMs };
  };
}

function ask(entries: Entry[], server: string, everyMs: number, random: () => number, answer: (at: number) => Omit<import('../../seen.ts').DnsSeen, 'server'>): Told[] {
  const phase = random() * everyMs;
  const told: Told[] = [];
  for (let seq = 0, started = phase; started < endMs; seq += 1, started += everyMs) {
    const at = started + random() * 5;
    const ended = at + random() * 5;
    const seen = answer(at);
    const ok = seen.rcode === 'NOERROR' && seen.addresses.length > 0;
    const look = lookAs('dns', `names@${server}`, seq, started, ended, { server, ...seen }, ok);
    entries.push(ok ? look : { ...look, error: seen.rcode } as Entry);
    const old = ok && seen.addresses.includes(addresses[regions.old]);
    told.push({ started, at, ended, old, fresh: ok && !old, stale: seen.ede === 3 || seen.ede === 19, ttl: seen.ttl, rcode: seen.rcode });
  }
  return told;
}
