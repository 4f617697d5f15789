import { z } from 'zod';
import type { Check, Measure, Ruling } from '../check.ts';
import { counted, missing, ruleBy, worstOf } from '../judge/bounds.ts';
import { describe } from './updates/details.ts';
import { reckonUpdates, type Updates } from './updates/reckon.ts';
import { sayUpdates } from './updates/say.ts';

const objective = z.strictObject({ maxReverted: z.int().min(0).optional(), maxConflicting: z.int().min(0).optional() });
type Objective = z.output<typeof objective>;

const units = {
  'updates.acked': 'writes', 'updates.reverted': 'writes', 'updates.slots': 'count', 'updates.setBack': 'count', 'updates.conflicting': 'count', 'updates.diverged': 'count', 'updates.indeterminate': 'writes', 'updates.phantom': 'count',
} as const satisfies Readonly<Record<string, Measure['unit']>>;
type Name = keyof typeof units;
const names = Object.keys(units) as Name[];

/** Which acknowledged updates of registers were taken away again, and which two writers made of one value without seeing each other. */
export const lostUpdates: Check<Objective> = {
  kind: 'lost-updates',
  about: 'holds every update of registers against the databases: acknowledged updates that were taken away, and pairs made on two servers that did not see each other (it takes a probe of kind registers)',
  measures: names,
  objective,
  judge(history, asked) {
    const unread = (reason: string) => ({ ruling: 'inconclusive' as const, because: `What became of updates is not known: ${reason}.`, measures: names.map((name) => missing(name, units[name], reason)) });
    if (!history.run.probes.some(({ says }) => says === 'update')) return unread('nobody updated anything: watch with a probe of kind registers');
    const updates = reckonUpdates(history);
    if (typeof updates === 'string') return unread(updates);
    const measures = measure(updates);
    return { ruling: rule(updates, measures, asked), because: sayUpdates(updates, asked), measures, details: describe(updates) };
  },
};

function measure({ acked, refused, indeterminate, reverted, conflicts, endings, phantoms, counts }: Updates): Measure[] {
  const of = (name: Name, value: number, n: number, high = value) => counted(name, units[name], value, n, value, high);
  const all = acked + refused + indeterminate;
  const slots = (holds: (ending: Updates['endings'][number]) => boolean) => endings.filter(holds).length;
  return [
    of('updates.acked', acked, all), of('updates.reverted', reverted.length, acked, reverted.length + counts.undecided), of('updates.slots', slots((one) => one.reverted > 0), endings.length), of('updates.setBack', slots((one) => one.setBack), endings.length),
    of('updates.conflicting', conflicts.length, acked), of('updates.diverged', slots((one) => one.differs), endings.length), of('updates.indeterminate', indeterminate, all), of('updates.phantom', phantoms.length, all),
  ];
}

function rule({ acked, phantoms, counts }: Updates, measures: readonly Measure[], { maxReverted, maxConflicting }: Objective): Ruling | 'measured' {
  const measureOf = (name: Name) => measures.find((measure) => measure.name === name) as Measure;
  const rulings: Ruling[] = [];
  if (phantoms.length > 0) rulings.push('fail'); // harness or database is broken, whatever was asked
  if (acked === 0 || counts['never read'] > 0) rulings.push('inconclusive');
  if (maxReverted !== undefined) rulings.push(ruleBy(measureOf('updates.reverted'), maxReverted));
  if (maxConflicting !== undefined) rulings.push(ruleBy(measureOf('updates.conflicting'), maxConflicting));
  return rulings.length === 0 ? 'measured' : worstOf(rulings);
}
