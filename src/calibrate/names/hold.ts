import type { Finding } from '../../check.ts';
import type { Details, dnsConvergence } from '../../checks/dns-convergence.ts';

/** One answer that a planted resolver truly gave, and when (ms) it was asked and when it answered. */
export interface Told { readonly started: number; readonly at: number; readonly ended: number; readonly old: boolean; readonly fresh: boolean; readonly stale: boolean; readonly ttl: number | null; readonly rcode: string }

/** When (ms) a name truly moved, with which TTL (ms), how far (ms) who asked the authorities may be off, and from when until when all was watched. */
export interface Moved { readonly flipMs: number; readonly ttlMs: number; readonly offMs: number; readonly from: number; readonly to: number }

type Said = Details['resolvers'][number];
const milli = 0.001;

/** In what ways a resolver was not spoken of as its answers were: how long it held on, its signs, and what it answered meanwhile. */
export function holdResolver(told: readonly Told[], everyMs: number, moved: Moved, said: Said): string[] {
  return [...holdBounds(told, moved, said), ...holdSigns(told, everyMs, moved, said), ...holdCounts(told, moved, said)];
}

/** How long it held on, beyond the true move: no less than low, no more than high, and no wider than looks leave open. Lengths in seconds. */
function holdBounds(told: readonly Told[], { flipMs, ttlMs, offMs, from, to }: Moved, { convergence, excess, firstNew, lastOld }: Said): string[] {
  if (!convergence) return ['not measured'];
  const { value, low, high, censored } = convergence;
  const watched = told.filter(({ started, ended }) => ended > from && started < to);
  const last = watched.findLast(({ old }) => old);
  const next = watched.find(({ fresh, started }) => fresh && started > (last?.started ?? 0));
  const after = (at: number) => Math.max(0, at - flipMs) / 1_000;
  const truth = after(last?.at ?? 0);
  const said = `held for ${truth} s, and ${value} was said (${low}-${high})`;
  const off = offMs / 1_000 + milli;
  const misses: string[] = [];
  if (low > truth + milli || (high ?? Number.POSITIVE_INFINITY) < truth - milli || value < low || value > (high ?? Number.POSITIVE_INFINITY)) misses.push(said);
  if (value < truth - off || low < truth - off || (high !== null && next && high > after(next.ended) + off)) misses.push(`${said}, which is further off than looks leave open`);
  if ((high === null) !== (next === undefined) || censored !== (high === null)) misses.push(`${said}, and ${next ? 'a new answer came after it' : 'no new answer came'}`);
  if (excess === null || Math.abs(excess - (value - ttlMs / 1_000)) > 2 * milli) misses.push(`${said}, and ${excess} beyond the TTL`);
  if (lastOld !== (last?.started ?? null) || firstNew !== (watched.find(({ fresh }) => fresh)?.started ?? null)) misses.push(`its last old answer is said to be that of ${lastOld}, its first new one that of ${firstNew}`);
  return misses;
}

/** The signs by which it is named: each that its answers surely showed, and none that they surely did not. */
function holdSigns(told: readonly Told[], everyMs: number, { flipMs, ttlMs, offMs, from, to }: Moved, { signs }: Said): string[] {
  const watched = told.filter(({ started, ended }) => ended > from && started < to);
  const openMs = ttlMs + 1_000;
  const [last, stale] = [watched.findLast(({ old }) => old)?.started ?? 0, watched.findLast((one) => one.stale)?.started ?? 0];
  const ends = watched.some(({ fresh, started }) => fresh && started > last);
  const raised = watched.some((one) => !one.stale && one.ttl !== null && one.ttl * 1_000 > openMs);
  const by = (at: number, leastMs: number) => ({ must: at > flipMs + leastMs + offMs, may: at > flipMs + leastMs });
  const held = by(last, openMs + everyMs);
  const shown: Readonly<Record<Said['signs'][number], { readonly must: boolean; readonly may: boolean }>> = {
    'held beyond the TTL': held, 'never let go': { must: held.must && !ends, may: held.may && !ends }, 'raised TTL': { must: raised, may: raised }, 'stale answer': by(stale, openMs),
  };
  return Object.entries(shown).flatMap(([sign, { must, may }]) => {
    const named = signs.includes(sign as never);
    return named === must || (named && may) ? [] : [`${must ? 'showed' : 'did not show'} ${sign}, and is named: ${signs.join(', ')}`];
  });
}

/** What it answered: how often, with which TTL, how often it went back, and for how many looks after the move it gave no address. */
function holdCounts(told: readonly Told[], { flipMs, offMs, from, to }: Moved, { n, flaps, highestTtl, errors }: Said): string[] {
  const watched = told.filter(({ started, ended }) => ended > from && started < to);
  const kinds = watched.filter(({ old, fresh }) => old || fresh);
  const back = kinds.filter(({ old }, index) => old && kinds[index - 1]?.fresh).length;
  const ttl = watched.reduce<number | null>((most, one) => (one.stale || one.ttl === null ? most : Math.max(most ?? 0, one.ttl)), null);
  const misses: string[] = [];
  if (n !== watched.length || flaps !== back || highestTtl !== ttl) misses.push(`${watched.length} answers, ${back} times back, a TTL of up to ${ttl}, and ${n}, ${flaps} and ${highestTtl} were said`);
  const bad = watched.filter(({ old, fresh }) => !old && !fresh);
  for (const rcode of new Set([...bad.map((one) => one.rcode), ...Object.keys(errors)])) {
    const since = (at: number) => bad.filter((one) => one.rcode === rcode && one.started > at).length;
    const said = errors[rcode] ?? 0;
    if (said < since(flipMs + offMs) || said > since(flipMs - offMs)) misses.push(`${since(flipMs)} times ${rcode} after the move, and ${said} were said`);
  }
  return misses;
}

/** What must be said of a move: when it came after time zero, how long the critical resolvers held on and when the new answer was seen (s after the move, null: never), and how many were named. */
export interface Whole { readonly authority: { readonly least: number; readonly most: number }; readonly lengths: readonly { readonly held: number; readonly until: number | null }[]; readonly offS: number; readonly named: number }

const shares = { 'dns.convergence.p50': 0.5, 'dns.convergence.p95': 0.95, 'dns.convergence.max': 1 } as const;
const leastForP95 = 20;

/** In what ways the measures of a move are not what its resolvers truly did. */
export function holdMeasures({ measures }: Pick<Finding, 'measures'>, { authority, lengths, offS, named }: Whole): string[] {
  const of = (name: string) => measures.find((one) => one.name === name) ?? { value: null, low: null, high: null };
  const hold = (name: string, least: number, most: number, until: number): string[] => {
    const { value, low, high } = of(name);
    const said = `${name}: ${least} to ${most}, new from ${until}, and ${value} was said (${low}-${high})`;
    if (value === null || low === null || value < low || (high === null) === Number.isFinite(until)) return [said];
    if (low > least + milli || (high !== null && (high < most - milli || value > high))) return [said];
    return low < least - offS || (high !== null && high > until + offS) ? [`${said}, which is wider than looks leave open`] : [];
  };
  const inOrder = (moments: readonly (number | null)[]) => moments.map((one) => one ?? Number.POSITIVE_INFINITY).sort((a, b) => a - b);
  const [held, until] = [inOrder(lengths.map((one) => one.held)), inOrder(lengths.map((one) => one.until))];
  const violators = of('dns.violators').value;
  return [
    ...hold('dns.authority', authority.least, authority.most, authority.most), ...(violators === named ? [] : [`${violators} named, instead of ${named}`]),
    ...Object.entries(shares).flatMap(([name, share]) => {
      const rank = Math.ceil(share * held.length) - 1;
      const [length, end] = [held[rank] as number, until[rank] as number];
      if (share === 0.95 && held.length < leastForP95) return of(name).value === null ? [] : [`${name} of ${held.length}`];
      return hold(name, length, length, end);
    }),
  ];
}

/** Objectives below, between and above what is said of the slowest: missed, no word, met. */
export function holdRulings(judge: (objective: Parameters<typeof dnsConvergence.judge>[1]) => Pick<Finding, 'measures' | 'ruling'>): string[] {
  const slowest = judge({}).measures.find(({ name }) => name === 'dns.convergence.max');
  if (!slowest || slowest.low === null || slowest.value === null) return ['the slowest was not measured'];
  const [low, high] = [slowest.low * 1_000, slowest.high === null ? null : slowest.high * 1_000];
  const cases: readonly (readonly [max: number, ruling: string])[] = [
    ...(low > 20 ? [[low - 10, 'fail'] as const] : []), ...(high === null ? [[low + 3_600_000, 'inconclusive'] as const] : [[high + 10, 'pass'] as const]), ...(high !== null && high - low > 20 ? [[(low + high) / 2, 'inconclusive'] as const] : []),
  ];
  return cases.flatMap(([max, ruling]) => {
    const said = judge({ max }).ruling;
    return said === ruling ? [] : [`${max} ms allowed with ${low}-${high}, and ruled ${said}`];
  });
}
