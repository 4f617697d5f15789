import type { Entry } from '../../history.ts';
import { lookAs } from '../histories.ts';

/** A commit of one of the two servers, and when it was made (ms). */
interface Commit { readonly server: '1' | '2'; readonly committed: number }

/** When the old server's commits went on without the replica that they were to wait for (ms). */
export interface Span { readonly from: number; readonly to: number }

/** When the old server's commits went on alone, and when it was started again (ms). */
export interface State { readonly alone: Span | null; readonly dies: number | null }

/** One look at the server begins at most so long after the one before it, and takes at most so long (ms). */
const [mostApartMs, mostTakenMs] = [400, 21];
/** Two looks of which the first ends before a moment, and the second begins after it, lie within so long of it on either side (ms). */
export const besideMs = mostApartMs + mostTakenMs;

/** Whether the old server's commit went on alone. */
export function isAlone({ server, committed }: Commit, alone: Span | null): boolean {
  return server === '1' && alone !== null && committed >= alone.from && committed < alone.to;
}

/**
 * When the old server dies, if it does: mostly while its commits go on alone, but only after a look that found them so. What goes alone between a server's last look
 * and its death nobody counts, and nobody can know of where no look found it so.
 * Now and then it is the death that the commits go on alone from: nobody replicates from the server that was started again.
 */
export function drawDeath(alone: Span | null, end: number, random: () => number): number | null {
  if (random() < 0.3) return null;
  if (alone !== null && random() < 0.2) return alone.from;
  const seenBy = alone === null ? 0 : alone.from + besideMs;
  const inIt = alone === null ? 0 : Math.min(alone.to, alone.from + 2_000, end) - seenBy;
  const at = inIt > 0 && random() < 0.8 ? seenBy + inIt * random() : end * random();
  return alone !== null && at >= alone.from && at < seenBy ? null : at;
}

/** Looks at the old server, each read at some moment within it: its state then, and what it had counted by then since it was last started. `groups`: it says that it counts groups, so that what it counted is no bound, though each of these groups is of one. */
export function stateLooks(commits: readonly Commit[], { alone, dies }: State, groups: boolean, end: number, random: () => number): Entry[] {
  const grouped = groups ? { grouped: true as const } : {};
  const counted = commits.filter(({ server }) => server === '1');
  const looks: Entry[] = [];
  for (let seq = 0, started = 0; started < end; seq += 1, started += 100 + (mostApartMs - 100) * random()) {
    const [ended, read] = [started + 1 + (mostTakenMs - 1) * random(), started + random()];
    const again = dies !== null && read >= dies;
    const born = again ? dies : -100_000;
    const by = counted.filter(({ committed }) => committed >= born && committed <= read);
    const solo = by.filter((write) => isAlone(write, alone)).length;
    const acks = alone !== null && read >= alone.from && read < alone.to ? 'degraded' : 'in force';
    // Everybody comes back at once to a server that was started again.
    looks.push(lookAs('server', 'state', seq, started, ended, { server: '1', upS: Math.floor((read - born) / 1_000), acks, waited: by.length - solo, alone: solo, ...grouped, connections: again ? 15 : 10, refused: 0, open: 10, most: 100 }));
  }
  return looks;
}
