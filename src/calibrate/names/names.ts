import type { Details, dnsConvergence } from '../../checks/dns-convergence.ts';
import type { Entry, History } from '../../history.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { addresses, historyOf, lookAs, regions, watchedAs } from '../histories.ts';
import { holdMeasures, holdRulings } from './hold.ts';

/** When the servers of a planted move truly let go (ms): the authorities, and each resolver, which may give the new answer for a while in between. */
interface Move { readonly authorities: readonly number[]; readonly resolvers: readonly { readonly firstNew: number; readonly oldAgain: number; readonly lastOld: number }[] }

/** One planted resolver: how long it truly held the old answer beyond the authorities, and whether that lies in the bounds. Lengths in ms. */
export interface HeldName { readonly mode: 'steady cache' | 'flapping cache'; readonly misses: readonly string[]; readonly biasMs: number | null; readonly widthMs: number | null }

const everyMs = 250;
/** How many resolvers a move has; so many are needed for a 95th percentile, and every fifth has them. */
const [resolversEach, resolversOften] = [4, 20];
/** How far off (ms) a bound may lie: an interval at the authorities and one at the resolver, and both on their way. */
const offMs = 2 * everyMs + 20;
const cut = { low: 2_000, high: 2_050 } as const;

/** Moves a name at random times under caches that let go at random, half of them giving both answers for a while, and has it judged by `check`. */
export function plantNames(check: typeof dnsConvergence, histories: number, seed: string): HeldName[] {
  const random = makeRandom(`names ${seed}`);
  return Array.from({ length: histories }, (_, number) => {
    const move = drawMove(random, number % 5 === 0 ? resolversOften : resolversEach);
    const history = storyOf(move, random);
    const found = check.judge(history, {});
    const changed = Math.max(...move.authorities);
    const lengths = move.resolvers.map(({ lastOld }) => Math.max(0, lastOld - changed));
    const { resolvers } = found.details as Details;
    const ofAll = [
      ...holdMeasures(found, {
        authority: { least: (changed - cut.high) / 1_000, most: (changed - cut.low) / 1_000 }, lengths: lengths.map((ms) => ({ held: ms / 1_000, until: ms / 1_000 })), offS: offMs / 1_000,
        named: resolvers.filter(({ signs }) => signs.length > 0).length,
      }),
      ...holdRulings((objective) => check.judge(history, objective)), ...holdCritical(check, history, lengths),
    ];
    return move.resolvers.map((resolver, index) => {
      const one = compare(lengths[index] as number, resolver.firstNew === resolver.oldAgain ? 'steady cache' : 'flapping cache', found.details as Details, index);
      return index === 0 ? { ...one, misses: [...one.misses, ...ofAll] } : one;
    });
  }).flat();
}

/** Where only one resolver is critical, its length is the slowest. */
function holdCritical(check: typeof dnsConvergence, history: History, lengths: readonly number[]): string[] {
  const { measures } = check.judge(history, { critical: ['resolver-1'] });
  const slowest = measures.find(({ name }) => name === 'dns.convergence.max');
  const truth = (lengths[1] as number) / 1_000;
  return slowest && slowest.n === 1 && slowest.low !== null && slowest.low <= truth + 0.001 && truth <= (slowest.high ?? 0) + 0.001 ? [] : [`the only critical one held for ${truth} s, and ${slowest?.low}-${slowest?.high} was said of ${slowest?.n}`];
}

function compare(truth: number, mode: HeldName['mode'], { resolvers }: Details, index: number): HeldName {
  const said = resolvers.find(({ server }) => server === `resolver-${index}`)?.convergence;
  if (!said || said.high === null) return { mode, misses: ['not measured'], biasMs: null, widthMs: null };
  const { low, high, value } = said;
  const [biasMs, widthMs] = [value * 1_000 - truth, (high - low) * 1_000];
  // Measures are said to the millisecond.
  const misses = low * 1_000 - 1 <= truth && truth <= high * 1_000 + 1 && value >= low && value <= high ? [] : [`${truth} ms is not within ${low}-${high} s, of which ${value} was said`];
  if (Math.abs(biasMs) > offMs || widthMs > offMs) misses.push(`${truth} ms, and ${value} s was said (${low}-${high}), which is wider than looks leave open`);
  return { mode, misses, biasMs, widthMs };
}

function drawMove(random: () => number, count: number): Move {
  const authorities = [4_000 + random() * 1_000, 4_000 + random() * 2_000];
  const resolvers = Array.from({ length: count }, (_, index) => {
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
    cut, entries,
    resolvers: resolvers.map((_, index) => ({ name: `resolver-${index}`, kind: 'strict' as const, planted: false })),
    probes: servers.map((server) => watchedAs(`names@${server}`, 'dns', 'dns', everyMs, { servers: [server], name: 'service' })),
  });
}
