import { z } from 'zod';
import { between, counted, lasting, missing, quantile, ruleBy, sayMeasure, saySeconds, seconds, worstOf } from '../judge/bounds.ts';
import type { Check, Measure, Ruling } from '../check.ts';
import { ms } from '../duration.ts';
import { timeZero, type History } from '../history.ts';
import { leadingFault, measuredSpan } from '../judge/looks.ts';
import { findFlip, type Flip } from './dns/flip.ts';
import { judgePlanted, type PlantedResult } from './dns/planted.ts';
import { followResolver, ttlOf, type Resolver } from './dns/resolver.ts';
import { vantagesOf, type Vantage } from './dns/vantages.ts';

const objective = z.strictObject({ critical: z.array(z.string().min(1)).min(1).optional(), max: ms().optional() });
type Objective = z.output<typeof objective>;

/** What the finding of `dns-convergence` carries beside its measures. `ttl` in seconds; moments in ms since the start of the run. */
export interface Details {
  readonly ttl: number;
  readonly authority: { readonly at: number; readonly low: number; readonly high: number } | null;
  readonly until: number | null;
  /** How often the authorities said that the name had moved away: more than once where health checks wavered. */
  readonly moves: number;
  readonly resolvers: readonly Resolver[];
  readonly planted: readonly PlantedResult[];
}

/** A p95 of fewer vantages than this is their maximum under another name (decision 7). */
export const leastForP95 = 20;

const convergence = ['dns.convergence.p50', 'dns.convergence.p95', 'dns.convergence.max'] as const;

/** How long resolvers went on giving the old address after the authorities had changed. */
export const dnsConvergence: Check<Objective> = {
  kind: 'dns-convergence',
  about: 'measures for how long after the authorities changed each resolver still gave the old address, and names those that held it beyond its TTL',
  measures: ['dns.authority', ...convergence, 'dns.violators'],
  objective,
  judge(history, asked) {
    const vantages = vantagesOf(history);
    const fault = leadingFault(history);
    const zero = fault ? timeZero(history, fault.name) : null;
    const since = zero?.low ?? measuredSpan(history).from;
    const flip = findFlip(history, vantages, since);
    const followed = follow(history, vantages, flip, since, asked.critical);
    const resolvers = followed.map(({ resolver }) => resolver);
    const planted = followed.filter(({ resolver }) => resolver.planted).map(({ resolver, vantage }) => judgePlanted(history, resolver, vantage, flip.moment, flip.until));
    const measures = [measureAuthority(zero, flip), ...measureConvergence(resolvers, flip), measureViolators(resolvers, flip)];
    const details: Details = { ttl: seconds(ttlOf(history)), authority: flip.moment, until: Number.isFinite(flip.until) ? flip.until : null, moves: flip.times, resolvers, planted };
    return { ruling: rule(asked, measures, planted), because: say(asked, measures, details, flip), measures, details };
  },
};

function follow(history: History, vantages: readonly Vantage[], flip: Flip, since: number, named: readonly string[] | undefined) {
  const { resolvers } = history.run.topology;
  // A planted resolver never counts against an objective, not even where it is named.
  const honest = resolvers.filter(({ planted }) => !planted).map(({ name }) => name);
  const critical = new Set(named ? honest.filter((name) => named.includes(name)) : honest);
  return vantages.filter(({ server }) => resolvers.some(({ name }) => name === server)).map((vantage) => ({ vantage, resolver: followResolver(history, vantage, flip, since, critical.has(vantage.server)) }));
}

function measureAuthority(zero: { low: number; high: number } | null, { moment, reason }: Flip): Measure {
  if (!zero) return missing('dns.authority', 's', 'no fault was proven, so there is no time zero');
  return moment ? lasting('dns.authority', between({ at: zero.low, ...zero }, moment), 1) : missing('dns.authority', 's', reason);
}

function measureConvergence(resolvers: readonly Resolver[], { moment, reason }: Flip): Measure[] {
  const critical = resolvers.filter((resolver) => resolver.critical);
  const silent = critical.filter((resolver) => resolver.convergence === null);
  const why = !moment ? reason : critical.length === 0 ? 'no critical resolver was asked' : silent.length > 0 ? `${silent.map(({ name }) => name).join(', ')} never answered` : null;
  if (why !== null) return convergence.map((name) => missing(name, 's', why, critical.length));
  const lengths = critical.flatMap((resolver) => resolver.convergence ?? []);
  return convergence.map((name) => {
    const share = { 'dns.convergence.p50': 0.5, 'dns.convergence.p95': 0.95, 'dns.convergence.max': 1 }[name];
    if (share === 0.95 && lengths.length < leastForP95) return missing(name, 's', `needs ${leastForP95} resolvers, there ${lengths.length === 1 ? 'is' : 'are'} ${lengths.length}`, lengths.length);
    const at = (of: (length: (typeof lengths)[number]) => number) => (quantile(lengths.map(of).sort((a, b) => a - b), share) ?? 0) * 1_000;
    const high = at((length) => length.high ?? Number.POSITIVE_INFINITY);
    const bounded = Number.isFinite(high);
    return lasting(name, { value: at(bounded ? ({ value }) => value : ({ low }) => low), low: at(({ low }) => low), high: bounded ? high : null }, lengths.length, !bounded);
  });
}

/** Those that are suspected, planted ones included: that they are found is the proof of the instrument. */
function measureViolators(resolvers: readonly Resolver[], { moment, reason }: Flip): Measure {
  const found = resolvers.filter(({ signs }) => signs.length > 0).length;
  return moment || found > 0 ? counted('dns.violators', 'resolvers', found, resolvers.length) : missing('dns.violators', 'resolvers', reason, resolvers.length);
}

function rule(asked: Objective, measures: readonly Measure[], planted: readonly PlantedResult[]): Ruling | 'measured' {
  const rulings: Ruling[] = planted.some(({ result }) => result === 'missed') ? ['inconclusive'] : [];
  if (asked.max !== undefined) rulings.push(ruleBy(measures.find(({ name }) => name === 'dns.convergence.max') as Measure, seconds(asked.max)));
  return rulings.length === 0 ? 'measured' : worstOf(rulings);
}

function say(asked: Objective, measures: readonly Measure[], { resolvers, planted, ttl }: Details, flip: Flip): string {
  const slowest = measures.find(({ name }) => name === 'dns.convergence.max') as Measure;
  const critical = resolvers.filter((resolver) => resolver.critical).map(({ name }) => name);
  const limit = asked.max === undefined ? '' : `; ${saySeconds(asked.max)} were allowed`;
  const said = [!flip.moment ? `The name did not move: ${flip.reason}${limit}.`
    : slowest.value === null ? `How long resolvers held the old address was not measured: ${slowest.reason ?? ''}${limit}.`
      : `The critical resolvers (${critical.join(', ')}) gave the old address for ${sayMeasure(slowest)} after the authorities had changed, with a TTL of ${saySeconds(ttl * 1_000)}${limit}.`];
  if (flip.times > 1) said.push(`The name was moved away ${flip.times} times before it stayed: health checks wavered.`);
  for (const { name, planted: known, signs, convergence: length } of resolvers) {
    if (signs.length > 0) said.push(`${name} is ${known ? 'the violator that was planted, and found' : 'a suspected violator'}: ${signs.join(', ')}${length ? ` (${length.censored ? 'over ' : ''}${saySeconds(length.value * 1_000)})` : ''}.`);
  }
  for (const { name, result, because } of planted) if (result !== 'found') said.push(result === 'missed' ? `${name}: ${because}.` : `${name} was planted and could not show here: ${because}.`);
  return said.join(' ');
}
