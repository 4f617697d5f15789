import type { DnsSeen } from '../../seen.ts';

/** What the authority of a planted name says at a moment (ms); null while it cannot be reached. An empty list: no such name. */
export type Authority = (at: number) => { readonly addresses: readonly string[]; readonly ttlMs: number } | null;

/** How a modelled cache behaves. */
export interface Habit {
  /** It keeps an answer at least so long; Infinity: it never asks again. */
  readonly minTtlMs?: number;
  /** It says the authority's TTL at most, however long it keeps the answer. */
  readonly hidesTtl?: boolean;
  /** After an answer ran out: the old one at once, and asks meanwhile; or the old one only when asking failed (RFC 8767). */
  readonly stale?: 'at once' | 'after failing';
  /** How soon it asks again after a failure, while it has something to give. */
  readonly retryMs?: number;
  /** Several caches behind one address, asked in turn by chance; the last of them with the habits above, the others strict. */
  readonly backEnds?: number;
}

/** Asks a cache at a moment (ms); moments come in ascending order. */
export type Cache = (at: number) => Omit<DnsSeen, 'server'>;

interface Kept { readonly addresses: readonly string[]; readonly until: number }

/** What RFC 8767 recommends as the TTL of a stale answer, and how soon after a failure to ask again (s, ms). */
const staleTtl = 30;
const retryMs = 30_000;

/** A modelled cache of one name. */
export function openCache(authority: Authority, habit: Habit, random: () => number): Cache {
  const count = habit.backEnds ?? 1;
  const all = Array.from({ length: count }, (_, index) => openOne(authority, index === count - 1 ? habit : {}));
  return (at) => (all[Math.floor(random() * count)] as Cache)(at);
}

function openOne(authority: Authority, habit: Habit): Cache {
  let kept: Kept | null = null;
  let failedAt = Number.NEGATIVE_INFINITY;
  const fetch = (at: number): Kept | null => {
    if (at < failedAt + (kept ? habit.retryMs ?? retryMs : 1_000)) return null; // RFC 9520: a failure is kept for a second at least
    const told = authority(at);
    if (!told) { failedAt = at; return null; }
    return { addresses: told.addresses, until: at + (told.addresses.length === 0 ? told.ttlMs : Math.max(told.ttlMs, habit.minTtlMs ?? 0)) };
  };
  const say = ({ addresses, until }: Kept, at: number): Omit<DnsSeen, 'server'> => {
    const left = Number.isFinite(until) ? Math.ceil((until - at) / 1_000) : 3_600;
    const ttl = habit.hidesTtl ? Math.min(left, 2) : left;
    return { addresses, ttl: addresses.length === 0 ? null : ttl, rcode: addresses.length === 0 ? 'NXDOMAIN' : 'NOERROR', ede: null };
  };
  return (at) => {
    if (kept && at < kept.until) return say(kept, at);
    const old: Kept | null = kept;
    const fresh = fetch(at);
    if (fresh) kept = fresh;
    const stale = old !== null && (habit.stale === 'at once' || (habit.stale === 'after failing' && !fresh));
    if (stale) return old.addresses.length > 0 ? { addresses: old.addresses, ttl: staleTtl, rcode: 'NOERROR', ede: 3 } : { addresses: [], ttl: null, rcode: 'NXDOMAIN', ede: 19 };
    return fresh ? say(fresh, at) : { addresses: [], ttl: null, rcode: 'SERVFAIL', ede: null };
  };
}
