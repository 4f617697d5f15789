import type { lostUpdates } from '../../checks/lost-updates.ts';
import type { Details } from '../../checks/updates/details.ts';
import type { History } from '../../history.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { invented } from '../miss.ts';
import { drawHappenings, letHappen, type Truth } from './settings.ts';

/** What is planted, in the words of the check; each becomes a row. */
export const plantedUpdates = ['acked', 'reverted', 'set back', 'conflicting', 'diverged', 'phantom'] as const;
export type PlantedUpdate = (typeof plantedUpdates)[number];

/** How often something of a kind was planted, and in what ways it was not found as it was. */
export interface FoundUpdates { readonly mode: PlantedUpdate; readonly planted: number; readonly misses: readonly string[] }

/** Plants updates that are taken away, that conflict, and that nobody can have written in random histories, and has them judged by `check`: all must be found, and nothing else. */
export function plantUpdates(check: typeof lostUpdates, histories: number, seed: string): FoundUpdates[] {
  const random = makeRandom(`updates ${seed}`);
  const found = plantedUpdates.map((mode) => ({ mode, planted: 0, misses: [] as string[] }));
  for (let index = 0; index < histories; index += 1) {
    const rejoined = random() < 0.7;
    const { history, truth } = letHappen(drawHappenings(random), rejoined);
    const [is, told] = [truthOf(truth, rejoined), saidOf(check, history)];
    for (const one of found) {
      one.planted += is[one.mode].length;
      one.misses.push(...compare(one.mode, is, told).map((miss) => `history ${index}: ${miss}`));
    }
  }
  return found;
}

type Told = Readonly<Record<PlantedUpdate, readonly string[]>>;

/** What is true, from lists that forget nothing. */
export function truthOf({ settings, holds, seen }: Truth, rejoined: boolean): Told & { readonly whole: boolean } {
  const acked = settings.filter(({ told }) => told === 'acked');
  const inTheEnd = (slot: number) => holds[2].get(slot) ?? [];
  const reverted = acked.filter(({ slot, value }) => !inTheEnd(slot).includes(value));
  const slots = [...new Set(settings.map(({ slot }) => slot))];
  const byValue = new Map(settings.map((setting) => [setting.value, setting]));
  const settledBy = (slot: number) => {
    const last = inTheEnd(slot).at(-1);
    const standing = last === undefined ? undefined : byValue.get(last);
    return standing === undefined ? Number.NEGATIVE_INFINITY : standing.told === 'acked' ? standing.ended : Number.POSITIVE_INFINITY;
  };
  const pairs = acked.filter((one) => acked.some((other) => other.slot === one.slot && other.over === one.over && other.server !== one.server && other.writer !== one.writer && (other.ended < one.ended || (other.ended === one.ended && acked.indexOf(other) < acked.indexOf(one)))));
  // Where two that nobody heard the end of stand one upon the other, nobody was told what the lower one took the place of.
  const unheard = (value: string | undefined) => value !== undefined && byValue.get(value)?.told !== 'acked';
  return {
    acked: acked.map(({ value }) => value).sort(), reverted: reverted.map(({ value }) => value).sort(), conflicting: pairs.map(({ value }) => value).sort(),
    'set back': slots.filter((slot) => reverted.some((one) => one.slot === slot && one.started > settledBy(slot))).map(String).sort(),
    diverged: rejoined ? [] : slots.filter((slot) => holds[1].get(slot)?.at(-1) !== holds[2].get(slot)?.at(-1)).map(String).sort(),
    phantom: settings.filter(({ told, value }) => told === 'refused' && seen.has(value)).map(({ value }) => value).sort(),
    whole: slots.every((slot) => !inTheEnd(slot).some((value, index, list) => unheard(value) && unheard(list[index + 1]))),
  };
}

/** What the check says, in the same words; `undecided`: how many it leaves open. */
export function saidOf(check: typeof lostUpdates, history: History): Told & { readonly undecided: number } {
  const finding = check.judge(history, {});
  const details = finding.details as Details;
  const value = (name: string) => finding.measures.find((measure) => measure.name === `updates.${name}`)?.value ?? -1;
  const counted = (name: string, list: readonly string[]) => (list.length === value(name) ? list : [...list, `and the measure says ${value(name)}`]);
  return {
    acked: Array.from({ length: value('acked') }, (_, index) => String(index)), reverted: counted('reverted', details.reverted.map((one) => one.value).sort()),
    conflicting: counted('conflicting', details.conflicting.map(({ values }) => values[1].value).sort()), 'set back': counted('setBack', details.slots.flatMap(({ slot, setBack }) => (setBack ? [String(slot)] : [])).sort()),
    diverged: counted('diverged', details.slots.filter(({ holds }) => new Set(holds.map((one) => one.value)).size > 1).map(({ slot }) => String(slot)).sort()),
    phantom: counted('phantom', [...details.phantoms].sort()), undecided: details.undecided,
  };
}

/** In what ways they differ. What is left undecided may be true of updates that are not listed; where every line is whole, nothing may be left so. */
export function compare(mode: PlantedUpdate, is: ReturnType<typeof truthOf>, told: ReturnType<typeof saidOf>): string[] {
  if (mode === 'acked') return is.acked.length === told.acked.length ? [] : [`${told.acked.length} acked instead of ${is.acked.length}`];
  const missing = is[mode].filter((one) => !told[mode].includes(one));
  const extra = told[mode].filter((one) => !is[mode].includes(one));
  const open = mode === 'reverted' || mode === 'set back' ? told.undecided : 0;
  return [
    ...(missing.length > open ? [`not found: ${missing.slice(0, 5).join(', ')}`] : []), ...(extra.length > 0 ? [invented(extra.slice(0, 5).join(', '))] : []),
    ...(mode === 'reverted' && is.whole && told.undecided > 0 ? [`${told.undecided} left undecided`] : []),
  ];
}
