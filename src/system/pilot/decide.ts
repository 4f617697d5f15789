import type { Link, Position, Standing } from './dialect.ts';

/** What one look at both databases found; times in monotonic ms. `link` undefined: the replica could not be asked, null: it follows nobody. */
export interface Look {
  readonly at: number;
  readonly primary: { readonly ok: boolean; readonly error: string | null; readonly standing: Standing | null };
  readonly replica: { readonly link: Link | null | undefined; readonly error: string | null } | null;
}

/** What is kept from look to look. */
export interface Memory {
  readonly misses: number;
  readonly missedSince: number | null;
  /** How the primary stood when it was last seen. */
  readonly standing: Standing | null;
  readonly progress: string | null;
  /** What the replica had received when the primary was last seen. */
  readonly received: Position | null;
  /** When the replica was last known to have received something. */
  readonly heardAt: number | null;
}

/** How many misses in a row, and how long a silence, count. */
export interface Limits { readonly misses: number; readonly netTimeoutMs: number }

/** well: seen. suspected: missed, not yet often enough. spared: missed often enough, but the replica still hears it. unknown: the replica cannot say. dead: both facts hold. outvoted, no quorum: they do, and witnesses see it all the same, or too few can be asked. */
export interface Verdict { readonly is: 'well' | 'suspected' | 'spared' | 'unknown' | 'dead' | 'outvoted' | 'no quorum'; readonly evidence: Readonly<Record<string, unknown>> }

/** What is known before the first look. */
export const blank: Memory = { misses: 0, missedSince: null, standing: null, progress: null, received: null, heardAt: null };

/** What is known after one more look, and what it means. Dead = missed `misses` times in a row and the replica receives nothing; one of the two is not enough. Pure. */
export function decide(memory: Memory, look: Look, limits: Limits): { readonly memory: Memory; readonly verdict: Verdict } {
  const link = look.replica?.link;
  const moved = link != null && link.progress !== memory.progress;
  const after: Memory = {
    misses: look.primary.ok ? 0 : memory.misses + 1,
    missedSince: look.primary.ok ? null : (memory.missedSince ?? look.at),
    standing: look.primary.standing ?? memory.standing,
    progress: link?.progress ?? memory.progress,
    received: look.primary.ok && link != null ? link.received : memory.received,
    heardAt: moved ? look.at : memory.heardAt,
  };
  return { memory: after, verdict: weigh(after, look, limits) };
}

function weigh(memory: Memory, look: Look, limits: Limits): Verdict {
  const primary = { misses: memory.misses, forMs: memory.missedSince === null ? 0 : look.at - memory.missedSince, error: look.primary.error };
  if (look.primary.ok) return { is: 'well', evidence: {} };
  if (memory.misses < limits.misses) return { is: 'suspected', evidence: { primary } };
  if (look.replica === null) return { is: 'unknown', evidence: { primary, because: 'there is no replica to take over' } };
  const { link, error } = look.replica;
  if (link === undefined) return { is: 'unknown', evidence: { primary, because: `the replica cannot be reached: ${error}` } };
  if (link === null) return { is: 'unknown', evidence: { primary, because: 'the replica follows nobody' } };
  const silentMs = memory.heardAt === null ? null : look.at - memory.heardAt;
  const replica = { receiving: link.receiving, state: link.receivingState, silentMs, error: link.error };
  const hears = link.receiving && silentMs !== null && silentMs < limits.netTimeoutMs;
  return { is: hears ? 'spared' : 'dead', evidence: { primary, replica } };
}
