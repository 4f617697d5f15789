import type { Length } from './bounds.ts';
import { holeMs, telling, type Looked, type Unseen } from './looks.ts';
import { followClient } from './recovery.ts';
import { mostMs } from './upper.ts';
import type { History } from '../history.ts';

/** How to see: the probe's interval, how long good must last to count as back, the window (ms), and where nothing can be known. */
export interface Seeing {
  readonly everyMs: number;
  readonly stableMs: number;
  readonly from?: number;
  readonly until?: number;
  readonly blind?: readonly Unseen[];
}

/** One outage as one probe saw it. All in ms; `to` null: not seen to end; `high` null: no bound. `n` counts its bad looks, `errors` by text. */
export interface Outage {
  /** First bad look's start, and the start of the first good look that lasted. */
  readonly from: number;
  readonly to: number | null;
  readonly point: number;
  readonly low: number;
  readonly high: number | null;
  /** It began before, or went on after, what was observed: the true length is at least `low`. */
  readonly censored: boolean;
  readonly n: number;
  readonly errors: Readonly<Record<string, number>>;
}

/** `index`: the place of the first bad look among those that tell; `earliest`: when the earliest to end ended, also where time without looks lies between (ms). */
interface Open { readonly first: Looked; readonly index: number; last: Looked; firstEnded: number; earliest: number; low: number; n: number; readonly errors: Record<string, number> }

/**
 * Outages in the looks of one probe (by start), with the bounds of semantics 5.0: high = O1.ended - L0.started (and a good look that overlaps all bad ones at either side of them, `mostMs`), low = FN.started - F0.ended, point = O1.started - F0.started.
 * O1 must be followed by good looks for `stableMs`; with 0 every run of bad looks is an outage of its own. Time nobody looked widens the bounds: blind is not down.
 */
export function outagesOf(looks: readonly Looked[], seeing: Seeing): Outage[] {
  const { from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = seeing;
  const found: Outage[] = [];
  let open: Open | null = null;
  let back: number | null = null;
  let before: Looked | null = null;
  let unseen = false; // for a while since the last bad look nobody looked
  const known = telling(looks, until, seeing.blind);
  for (const [index, look] of known.entries()) {
    if (!look.ok && look.ended <= from) continue;
    const hole = before !== null && look.started - before.started > holeMs(seeing.everyMs);
    unseen ||= hole;
    if (!look.ok) {
      open = worsen(open, look, index, unseen && open !== null && look.started - open.last.started >= seeing.stableMs);
      unseen = false;
      back = null;
    } else if (open) {
      if (back === null || hole) back = index;
      const { started } = known[back] as Looked;
      if (look.started - started >= seeing.stableMs - seeing.everyMs && started + seeing.stableMs <= until) {
        found.push(close(open, known, back));
        open = back = null;
      }
    }
    before = look;
  }
  return open ? [...found, close(open, known, null)] : found;
}

/** The longest outage of the window; where none was seen, zero, and as its bound the longest that could have hidden between two good looks. */
export function longestOf(looks: readonly Looked[], seeing: Seeing): Length & { readonly censored: boolean } {
  const outages = outagesOf(looks, seeing);
  const hidden = hiddenMs(looks, seeing) ?? (outages.length > 0 ? 0 : null);
  let longest: Length & { readonly censored: boolean } = { value: 0, low: 0, high: hidden, censored: false };
  for (const outage of outages) {
    const high = longest.high === null || outage.high === null ? null : Math.max(longest.high, outage.high);
    const seen = Math.max(longest.value, outage.point);
    longest = { value: seen, low: Math.max(longest.low, outage.low), high, censored: longest.censored || outage.censored };
  }
  return longest;
}

/** The longest outage (ms) that two neighbouring good looks of the window could hide; null where there are no such two. */
export function hiddenMs(looks: readonly Looked[], seeing: Seeing): number | null {
  const { from = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = seeing;
  const known = telling(looks, until, seeing.blind).filter((look) => look.ended > from);
  let widest: number | null = null;
  let answered = Number.POSITIVE_INFINITY; // earliest end among the later good looks: a look that hangs hides nothing that its successors show
  for (let index = known.length - 1; index > 0; index -= 1) {
    const [before, look] = [known[index - 1] as Looked, known[index] as Looked];
    if (!look.ok) continue;
    answered = Math.min(answered, look.ended);
    if (before.ok) widest = Math.max(widest ?? 0, answered - before.started);
  }
  return widest;
}

/** When the reference client was served again for good after `since` (ms): the start of the first window of `stableMs` in which all its looks are good, ending before the heal; null while there is none, or while nothing has gone bad. */
export function recoveredAt(history: History, since: number): number | null {
  return followClient(history, since).recovery?.at ?? null;
}

/** `apart`: it may have been back for good between the last look and this one, so its least length starts anew. */
function worsen(open: Open | null, look: Looked, index: number, apart: boolean): Open {
  const now: Open = open ?? { first: look, index, last: look, firstEnded: look.ended, earliest: look.ended, low: 0, n: 0, errors: {} };
  now.firstEnded = apart ? look.ended : Math.min(now.firstEnded, look.ended);
  now.earliest = Math.min(now.earliest, look.ended);
  now.last = look;
  now.low = Math.max(now.low, look.started - now.firstEnded);
  now.n += 1;
  const text = look.error ?? 'not good';
  now.errors[text] = (now.errors[text] ?? 0) + 1;
  return now;
}

function close({ first, index, last, earliest, low, n, errors }: Open, known: readonly Looked[], back: number | null): Outage {
  const returned = back === null ? null : known[back] as Looked;
  const high = back === null ? null : mostMs(known, { first: index, lastStarted: last.started, firstEnded: earliest }, back);
  const point = returned ? returned.started - first.started : low;
  return { from: first.started, to: returned?.started ?? null, point, low, high, censored: high === null, n, errors };
}
