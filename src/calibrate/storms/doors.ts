import type { Entry } from '../../history.ts';
import { lookAs, watchedAs } from '../histories.ts';
import { mostIn, mostRate, notWithin, type Said } from './hold.ts';

/** What a client that keeps its connections did: its looks, and the moments (ms) at which it truly made a new one; `unsure`: these, and those of looks of which nobody knows. */
export interface Doors { readonly looks: readonly Entry[]; readonly made: readonly number[]; readonly unsure: readonly number[]; readonly everyMs: number; readonly longestMs: number }

/** Its probe. */
export const doorsKept = watchedAs('kept', 'http', 'http', 250, { connections: 'reused' });

/** Has a client look at a front door that sometimes closes its connections, answers badly on kept and on new ones, or gives no answer, before or after there was one; looks may overlap, and sometimes wait until all are answered at once. */
export function plantDoors({ cut, end }: { readonly cut: number; readonly end: number }, random: () => number): Doors {
  const [everyMs, longestMs] = [100 + 200 * random(), 20 + 600 * random()];
  const [looks, made, unsure]: [Entry[], number[], number[]] = [[], [], []];
  const [badFrom, badFor] = [cut + 4_000 * random(), 500 + 5_000 * random()];
  const [answeredAt, stuck] = [badFrom + longestMs, random() < 0.5];
  for (let seq = 0, started = 0; started < end; seq += 1, started += everyMs) {
    const waits = stuck && started > answeredAt - longestMs && started < answeredAt;
    const bad = !stuck && started >= badFrom && started < badFrom + badFor;
    const isNew = waits || (stuck && started >= answeredAt && started < answeredAt + 1_000) || random() < (bad ? 0.3 : 0.05);
    const ended = waits ? answeredAt + 5 * random() : started + 1 + longestMs * random() * (bad ? 1 : 0.2);
    const at = waits ? started + 1 : started + (ended - started) * random();
    const [unseen, ok] = [bad && random() < 0.5, !bad];
    if (isNew) made.push(at);
    if (unseen) unsure.push(at);
    looks.push(lookAs('http', doorsKept.name, seq, started, ended, unseen ? null as never : { status: ok ? 200 : 503, servedBy: null, connection: isNew ? 'new' : 'reused', address: 'planted' }, ok));
  }
  return { looks, made: made.sort((a, b) => a - b), unsure: [...unsure, ...made].sort((a, b) => a - b), everyMs, longestMs };
}

/** In what ways that is not what is said: what was surely new, and at most that with all that nobody saw. */
export function holdDoors({ made, unsure, everyMs, longestMs }: Doors, { cut, end }: { readonly cut: number; readonly end: number }, measure: (name: string) => Said): string[] {
  const slack = everyMs + longestMs;
  const [room, second] = [1_000 + 2 * slack, 1_000];
  const [before, after] = [made.filter((at) => at <= cut), made.filter((at) => at >= cut - room)];
  const rate = (count: number, overMs: number) => (count * 1_000) / overMs;
  const sureOfOne = mostIn(made, cut + slack, end - room, second);
  const shortMs = cut - 2 * everyMs - longestMs;
  return [
    ...notWithin('doors before the break', rate(before.length, shortMs - slack), rate(before.filter((at) => at >= slack && at <= cut - slack).length, cut), measure('doors.baseline'), { least: rate(before.filter((at) => at >= 2 * slack && at <= cut - 2 * slack).length, cut) - 0.1, most: rate(before.length, shortMs - slack) + 0.1 }),
    ...notWithin('doors at most', mostRate(after), sureOfOne, measure('doors.peak'), { least: 0, most: mostIn(unsure.filter((at) => at >= cut - room), 0, end, room) + 0.1 }),
  ];
}
