import type { lostUpdates } from '../../checks/lost-updates.ts';
import type { Details } from '../../checks/updates/details.ts';
import type { History } from '../../history.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import { invented } from '../miss.ts';
import { askUpdates } from './asked-updates.ts';
import { drawHappenings, letHappen, type TrueSetting, type Truth } from './settings.ts';

/** What is planted, in the words of the check; each becomes a row. */
export const plantedUpdates = ['acked', 'reverted', 'set back', 'conflicting', 'diverged', 'phantom'] as const;
export type PlantedUpdate = (typeof plantedUpdates)[number];

/** How often something of a kind was planted, and in what ways it was not found as it was. `ruled`: objectives that were asked of them. */
export interface FoundUpdates { readonly mode: PlantedUpdate | 'ruled'; readonly planted: number; readonly misses: readonly string[] }

/** Plants updates that are taken away, that conflict, and that nobody can have written in random histories, and has them judged by `check`: all must be found, and nothing else, and every objective ruled on as the truth demands. */
export function plantUpdates(check: typeof lostUpdates, histories: number, seed: string): FoundUpdates[] {
  const random = makeRandom(`updates ${seed}`);
  const found = plantedUpdates.map((mode) => ({ mode, planted: 0, misses: [] as string[] }));
  const ruled = { mode: 'ruled' as const, planted: 0, misses: [] as string[] };
  for (let index = 0; index < histories; index += 1) {
    const rejoined = random() < 0.7;
    const happenings = drawHappenings(random);
    const { history, truth } = letHappen(happenings, rejoined);
    const [is, told] = [truthOf(truth, rejoined), saidOf(check, history)];
    for (const one of found) {
      one.planted += is[one.mode].length;
      one.misses.push(...compare(one.mode, is, told).map((miss) => `history ${index}: ${miss}`));
    }
    const asked = askUpdates(check, is, history, happenings);
    ruled.planted += asked.planted;
    ruled.misses.push(...asked.misses.map((miss) => `history ${index}: ${miss}`));
  }
  return [...found, ruled];
}

type Told = Readonly<Record<PlantedUpdate, readonly string[]>>;

/** What is true, and of how many updates nobody can know it; null where it is not told what anybody knows. */
export type True = Told & { readonly whole: boolean; readonly open: number | null; readonly slots: number; readonly indeterminate: number };

/** What is true, from lists that forget nothing; of `reverted` and `set back`, what can be known of it. */
export function truthOf({ settings, holds, seen, placed }: Truth, rejoined: boolean): True {
  const acked = settings.filter(({ told }) => told === 'acked');
  const inTheEnd = (slot: number) => holds[2].get(slot) ?? [];
  const slots = [...new Set(settings.map(({ slot }) => slot))];
  const byValue = new Map(settings.map((setting) => [setting.value, setting]));
  const open = placed && new Set(slots.flatMap((slot) => openIn(inTheEnd(slot), acked.filter((one) => one.slot === slot), byValue, placed)));
  const reverted = acked.filter(({ slot, value }) => !inTheEnd(slot).includes(value) && !open?.has(value));
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
    slots: new Set(reverted.map(({ slot }) => slot)).size, indeterminate: settings.filter(({ told }) => told === 'indeterminate').length,
    whole: slots.every((slot) => !inTheEnd(slot).some((value, index, list) => unheard(value) && unheard(list[index + 1]))), open: open?.size ?? null,
  };
}

/**
 * The acknowledged updates of a slot that may or may not lie below what stands there: from the newest down it is known what each value took the place of, until one of which nobody
 * was told. That one was there when the first known update upon it was acknowledged, so what was asked for only later does not lie below it.
 */
function openIn(list: readonly string[], acked: readonly TrueSetting[], byValue: ReadonlyMap<string, TrueSetting>, placed: ReadonlySet<string>): string[] {
  const broken = list.findLastIndex((value) => !placed.has(value));
  if (broken < 0) return [];
  const known = list.slice(broken);
  const thereBy = Math.min(...known.flatMap((value) => { const one = byValue.get(value); return one?.told === 'acked' ? [one.ended] : []; }));
  return acked.filter(({ value, started }) => !known.includes(value) && started < thereBy).map(({ value }) => value);
}

/** What the check says, in the same words; `undecided`: how many it leaves open; `most`: how many may have been reverted. */
export function saidOf(check: typeof lostUpdates, history: History): Told & { readonly undecided: number; readonly most: number | null; readonly slots: number; readonly indeterminate: number } {
  const finding = check.judge(history, {});
  const details = finding.details as Details;
  const value = (name: string) => finding.measures.find((measure) => measure.name === `updates.${name}`)?.value ?? -1;
  const counted = (name: string, list: readonly string[]) => (list.length === value(name) ? list : [...list, `and the measure says ${value(name)}`]);
  return {
    acked: Array.from({ length: value('acked') }, (_, index) => String(index)), reverted: counted('reverted', details.reverted.map((one) => one.value).sort()),
    conflicting: counted('conflicting', details.conflicting.map(({ values }) => values[1].value).sort()), 'set back': counted('setBack', details.slots.flatMap(({ slot, setBack }) => (setBack ? [String(slot)] : [])).sort()),
    diverged: counted('diverged', details.slots.filter(({ holds }) => new Set(holds.map((one) => one.value)).size > 1).map(({ slot }) => String(slot)).sort()),
    phantom: counted('phantom', [...details.phantoms].sort()), undecided: details.undecided, most: finding.measures.find(({ name }) => name === 'updates.reverted')?.high ?? null, slots: value('slots'), indeterminate: value('indeterminate'),
  };
}

/** In what ways they differ. Exactly what nobody can know may be left undecided; where it is not told what that is, it may be true of updates that are not listed, and nothing may be left so where every line is whole. */
export function compare(mode: PlantedUpdate, is: True, told: ReturnType<typeof saidOf>): string[] {
  if (mode === 'acked') return is.acked.length === told.acked.length ? [] : [`${told.acked.length} acked instead of ${is.acked.length}`];
  const missing = is[mode].filter((one) => !told[mode].includes(one));
  const extra = told[mode].filter((one) => !is[mode].includes(one));
  const forgiven = is.open === null && (mode === 'reverted' || mode === 'set back') ? told.undecided : 0;
  return [
    ...(missing.length > forgiven ? [`not found: ${missing.slice(0, 5).join(', ')}`] : []), ...(extra.length > 0 ? [invented(extra.slice(0, 5).join(', '))] : []),
    ...(mode === 'reverted' ? compareOpen(is, told) : []),
  ];
}

function compareOpen({ open, whole, reverted, slots, indeterminate }: True, { undecided, most, ...told }: ReturnType<typeof saidOf>): string[] {
  if (open === null) return whole && undecided > 0 ? [`${undecided} left undecided`] : [];
  return [
    ...(undecided === open ? [] : [`${undecided} left undecided instead of ${open}`]), ...(most === reverted.length + open ? [] : [`up to ${most} reverted instead of ${reverted.length + open}`]),
    ...(told.slots === slots ? [] : [`in ${told.slots} slots instead of ${slots}`]), ...(told.indeterminate === indeterminate ? [] : [`${told.indeterminate} indeterminate instead of ${indeterminate}`]),
  ];
}
