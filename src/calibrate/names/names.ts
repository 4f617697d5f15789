import type { Details, dnsConvergence } from '../../checks/dns-convergence.ts';
import type { Entry, History } from '../../history.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { addresses, historyOf, lookAs, regions, watchedAs } from '../histories.ts';

/** When the servers of a planted move truly let go (ms): the authorities, and each resolver, which may give the new answer for a while in between. */
interface Move { readonly authorities: readonly number[]; readonly resolvers: readonly { readonly firstNew: number; readonly oldAgain: number; readonly lastOld: number }[] }

/** One planted resolver: how long it truly held the old answer beyond the authorities, and whether that lies in the bounds. Lengths in ms. */
export interface HeldName { readonly mode: 'steady cache' | 'flapping cache'; readonly misses: readonly string[]; readonly biasMs: number | null; readonly widthMs: number | null }

const everyMs = 250;
const resolversEach = 4;

/** Moves a name at random times under caches that let go at random, half of them giving both answers for a while, and has it judged by `check`. */
export function plantNames(check: typeof dnsConvergence, histories: number, seed: string): HeldName[] {
  const random = makeRandom(`names ${seed}`);
  return Array.from({ length: histories }, () => {
    const move = drawMove(random);
    const found = check.judge(storyOf(move, random), {});
    const changed = Math.max(...move.authorities);
    return move.resolvers.map((resolver, index) => compare(Math.max(0, resolver.lastOld - changed), resolver.firstNew === resolver.oldAgain ? 'steady cache' : 'flapping cache', found.details as Details, index));
  }).flat();
}

function compare(truth: number, mode: HeldName['mode'], { resolvers }: Details, index: number): HeldName {
  const said = resolvers.find(({ server }) => server === `resolver-${index}`)?.convergence;
  if (!said || said.high === null) return { mode, misses: ['not measured'], biasMs: null, widthMs: null };
  const { low, high, value } = said;
  // Measures are said to the millisecond.
  const misses = low * 1_000 - 1 <= truth && truth <= high * 1_000 + 1 ? [] : [`${truth} ms is not within ${low}-${high} s`];
  return { mode, misses, biasMs: value * 1_000 - truth, widthMs: (high - low) * 1_000 };
}

function drawMove(random: () => number): Move {
  const authorities = [4_000 + random() * 1_000, 4_000 + random() * 2_000];
  const resolvers = Array.from({ length: resolversEach }, (_, index) => {
    const firstNew = Math.min(...authorities) + random() * 2_000;
    const oldAgain = index % 2 === 0 ? firstNew : firstNew + 2 * everyMs + random() * 2_000;
    return { firstNew, oldAgain, lastOld: index % 2 === 0 ? firstNew : oldAgain + 2 * everyMs + random() * 2_000 };
  });
  return { authorities, resolvers };
}

function storyOf({ authorities, resolvers }: Move, random: () => number): History {
  const entries: Entry[] = [{ kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: 20_000, phase: 'quiesce' }];
  const ask = (server: string, isOld: (at: number) => boolean): void => {
    const phase = random() * everyMs;
    for (let seq = 0, at = phase; at < 20_000; seq += 1, at += everyMs) {
      const answeredAt = at + random() * 5;
      const address = addresses[isOld(answeredAt) ? regions.old : regions.taking];
      entries.push(lookAs('dns', `names@${server}`, seq, at, answeredAt + random() * 5, { server, addresses: [address], ttl: 2, rcode: 'NOERROR', ede: null }));
    }
  };
  authorities.forEach((changed, index) => ask(`authority-${index + 1}`, (at) => at < changed));
  resolvers.forEach(({ firstNew, oldAgain, lastOld }, index) => ask(`resolver-${index}`, (at) => at < firstNew || (at >= oldAgain && at < lastOld)));
  const servers = [...authorities.map((_, index) => `authority-${index + 1}`), ...resolvers.map((_, index) => `resolver-${index}`)];
  return historyOf({
    cut: { low: 2_000, high: 2_050 }, entries,
    resolvers: resolvers.map((_, index) => ({ name: `resolver-${index}`, kind: 'strict' as const, planted: false })),
    probes: servers.map((server) => watchedAs(`names@${server}`, 'dns', 'dns', everyMs, { servers: [server], name: 'service' })),
  });
}
