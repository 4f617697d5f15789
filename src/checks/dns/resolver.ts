import { seconds, type Length, type Moment } from '../../judge/bounds.ts';
import type { History } from '../../history.ts';
import type { Flip } from './flip.ts';
import { isNew, isOld, letGoOf, type DnsLook, type Vantage } from './vantages.ts';

/** Why a resolver is suspected: it held the old answer past its TTL; answered with a longer TTL than the authority gives; said itself that an answer was stale (RFC 8914); or never let go. */
export type Sign = 'held beyond the TTL' | 'raised TTL' | 'stale answer' | 'never let go';

/** How one resolver, asked from one place, let go of the old answer. Moments in ms since the start of the run, lengths in seconds. */
export interface Resolver {
  readonly name: string;
  readonly server: string;
  readonly place: string;
  readonly planted: boolean;
  readonly critical: boolean;
  readonly n: number;
  /** From the last authority's change to its last old answer; null where the authority never changed or it never answered. */
  readonly convergence: { readonly value: number; readonly low: number; readonly high: number | null; readonly censored: boolean } | null;
  readonly firstNew: number | null;
  readonly lastOld: number | null;
  /** Convergence less the TTL that the record had. */
  readonly excess: number | null;
  readonly signs: readonly Sign[];
  /** How often the answer went back to the old one. */
  readonly flaps: number;
  readonly highestTtl: number | null;
  /** Bad looks after the change, by what they said. */
  readonly errors: Readonly<Record<string, number>>;
}

/** What a resolver must have done wrong, beyond rounding a TTL to seconds and one interval of asking, before it is suspected (ms). */
export function toleranceMs(everyMs: number): number {
  return 1_000 + everyMs;
}

/** The TTL (ms) with which the authorities give the service's name, in whole seconds as DNS has it. */
export function ttlOf(history: History): number {
  return Math.ceil(history.run.topology.settings.dns.ttl / 1_000) * 1_000;
}

/** Follows one resolver from time zero to the end of the window. `since` in ms. */
export function followResolver(history: History, vantage: Vantage, flip: Flip, since: number, critical: boolean): Resolver {
  const answers = vantage.looks.filter((look) => look.ended > since && look.started < flip.until);
  const letGo = letGoOf(history, vantage.looks, since, flip.until);
  const answered = answers.some(({ ok }) => ok);
  const length = flip.moment && answered ? lengthOf(flip.moment, letGo.lastOld, letGo.nextNew) : null;
  const planted = history.run.topology.resolvers.find(({ name }) => name === vantage.server)?.planted ?? false;
  // A stale answer has a TTL of its own, which is no word about the authority's (RFC 8767, section 4: 30 s).
  const ttls = answers.filter((look) => !isStale(look)).flatMap(({ data }) => data?.ttl ?? []);
  const highestTtl = ttls.length === 0 ? null : ttls.reduce((most, ttl) => Math.max(most, ttl));
  const convergence = length && { value: seconds(length.value), low: seconds(length.low), high: length.high === null ? null : seconds(length.high), censored: length.high === null };
  return {
    name: vantage.name, server: vantage.server, place: vantage.probe.place, planted, critical, n: answers.length, convergence,
    firstNew: letGo.firstNew?.started ?? null, lastOld: letGo.lastOld?.started ?? null,
    excess: length && seconds(length.value - ttlOf(history)),
    signs: signsOf(history, vantage, length, highestTtl, answers, flip), flaps: countFlaps(history, answers), highestTtl, errors: errorsAfter(answers, flip.moment),
  };
}

/** conv = max(0, last old answer - the last authority's change); its upper bound is the next new answer, and where there is none it is censored. */
function lengthOf(authority: Moment, lastOld: DnsLook | null, nextNew: DnsLook | null): Length {
  const positive = (ms: number) => Math.max(0, ms);
  const low = lastOld ? positive(lastOld.started - authority.high) : 0;
  // Neither old nor new any more (SERVFAIL, say): how long it would have held on was not seen.
  if (!nextNew) return { value: low, low, high: null };
  const value = lastOld ? positive(lastOld.started - authority.at) : 0;
  return { value, low: Math.min(low, value), high: positive(nextNew.ended - authority.low) };
}

function signsOf(history: History, vantage: Vantage, length: Length | null, highestTtl: number | null, answers: readonly DnsLook[], flip: Flip): Sign[] {
  const limit = ttlOf(history) + toleranceMs(vantage.probe.everyMs);
  const held = length !== null && length.low > limit;
  const authority = flip.moment;
  const signs: Sign[] = [];
  if (held) signs.push('held beyond the TTL');
  if (held && length.high === null) signs.push('never let go');
  if (highestTtl !== null && highestTtl * 1_000 > ttlOf(history) + 1_000) signs.push('raised TTL');
  // Stale while the authority is reachable and has changed long ago: the case that RFC 8767 does not ask for. A resolver that says so itself needs no second
  // look to be sure of it, so that one who asks seldom finds it, too.
  if (authority && answers.some((look) => isStale(look) && look.started > authority.high + ttlOf(history) + 1_000)) signs.push('stale answer');
  return signs;
}

function isStale({ data }: DnsLook): boolean {
  return data?.ede === 3 || data?.ede === 19;
}

function countFlaps(history: History, answers: readonly DnsLook[]): number {
  const [old, new_] = [isOld(history), isNew(history)];
  let [flaps, moved] = [0, false];
  for (const look of answers) {
    if (new_(look)) moved = true;
    else if (moved && old(look)) { flaps += 1; moved = false; }
  }
  return flaps;
}

function errorsAfter(answers: readonly DnsLook[], authority: Moment | null): Record<string, number> {
  const errors: Record<string, number> = {};
  for (const look of answers) if (authority && !look.ok && look.started >= authority.low) errors[look.error ?? 'no answer'] = (errors[look.error ?? 'no answer'] ?? 0) + 1;
  return errors;
}
