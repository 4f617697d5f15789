import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lostUpdates } from '../../checks/lost-updates.ts';
import type { Outcome } from '../../seen.ts';
import { loadMutated, type Mutation } from '../mutate.ts';
import { letHappen, type Happening } from './settings.ts';
import { compare, plantedUpdates, plantUpdates, saidOf, truthOf } from './updates.ts';

const server = fc.constantFrom('1' as const, '2' as const);
const slot = fc.integer({ min: 0, max: 1 });
const delay = fc.integer({ min: 1, max: 40 });
const setting: fc.Arbitrary<Happening> = fc.record({
  do: fc.constant('set' as const), writer: fc.constantFrom('a' as const, 'b' as const), slot, server, before: delay, after: delay,
  told: fc.constantFrom<Outcome>('acked', 'acked', 'acked', 'indeterminate', 'refused'), applied: fc.constantFrom(true, true, false),
}).map((one) => ({ ...one, applied: one.told === 'acked' || one.applied }));
const story = fc.record({ rejoined: fc.boolean(), happenings: fc.array(fc.oneof({ weight: 3, arbitrary: setting }, { weight: 1, arbitrary: fc.record({ do: fc.constant('copy' as const), slot, to: server }) }), { minLength: 1, maxLength: 60 }) });

/** In what ways the check differs from two servers that forget nothing. */
function misses(check: typeof lostUpdates, { happenings, rejoined }: { readonly happenings: readonly Happening[]; readonly rejoined: boolean }): string[] {
  const { history, truth } = letHappen(happenings, rejoined);
  if (!truth.settings.some(({ told }) => told === 'acked')) return [];
  const [is, told] = [truthOf(truth, rejoined), saidOf(check, history)];
  return plantedUpdates.flatMap((mode) => compare(mode, is, told).map((miss) => `${mode}: ${miss}`));
}

test('what the check says of any updates of any two servers is what two servers say that forget nothing', () => {
  fc.assert(fc.property(story, (one) => { expect(misses(lostUpdates, one)).toEqual([]); }), { numRuns: 3_000, seed: 5 });
}, 60_000);

const lies: readonly (readonly [says: string, Mutation, RegExp])[] = [
  ['only the value that stands in the end counts as kept', { file: 'checks/updates/lines.ts', find: 'value = over;', put: 'value = null;' }, /reverted: invented/],
  ['what another server holds is not taken away', { file: 'checks/updates/reckon.ts', find: "return fate === 'reverted';", put: "return fate === 'reverted' && !all.some((taken) => lineOf(slot, taken).values.has(setting.value));" }, /reverted: not found/],
  ['rows tell nothing of what nobody heard the end of', { file: 'checks/updates/slots.ts', find: 'if (next !== undefined && !over.has(value))', put: 'if (next !== undefined && over.has(value))' }, /left undecided/],
  ['whatever lies beyond what is known was taken away', { file: 'checks/updates/lines.ts', find: 'return { values, holds, broken: by };', put: 'return { values, holds, broken: null };' }, /reverted: invented/],
  ['a writer conflicts with itself', { file: 'checks/updates/conflicts.ts', find: 'other.server !== setting.server && other.writer !== setting.writer);', put: 'other.server !== setting.server);' }, /conflicting: invented/],
  ['nothing conflicts', { file: 'checks/updates/conflicts.ts', find: 'if (first) found.push(', put: 'if (first === null) found.push(' }, /conflicting: not found/],
  ['the copies never differ', { file: 'checks/updates/reckon.ts', find: '.size > 1, reverted', put: '.size > 9, reverted' }, /diverged: not found/],
  ['a refused value that stands there is nobody`s fault', { file: 'checks/updates/reckon.ts', find: "?? 'refused') === 'refused'", put: "?? 'refused') === null" }, /phantom: not found/],
  ['newer and older are not told apart', { file: 'checks/updates/reckon.ts', find: 'started > before)', put: 'started > 0)' }, /set back: invented/],
];

describe('a check that lies is found out, by both', () => {
  test.each(lies)('%s', async (_says, mutation, found) => {
    const { lostUpdates: lying } = await loadMutated<{ lostUpdates: typeof lostUpdates }>('checks/lost-updates.ts', mutation);
    const drawn = fc.sample(story, { numRuns: 1_500, seed: 5 }).flatMap((one) => misses(lying, one));
    expect(drawn.filter((miss) => found.test(miss)).length).toBeGreaterThan(0);
    const planted = plantUpdates(lying, 60, 'mutants').flatMap(({ mode, misses: some }) => some.map((miss) => `${mode}: ${miss.replace(/^history \d+: /, '')}`));
    expect(planted.filter((miss) => found.test(miss)).length).toBeGreaterThan(0);
  }, 60_000);
});

test('the check as shipped misses nothing that is planted', () => {
  const found = plantUpdates(lostUpdates, 60, 'mutants');
  expect(found.flatMap(({ misses: some }) => some)).toEqual([]);
  for (const { mode, planted } of found) expect([mode, planted]).toEqual([mode, expect.any(Number)]);
  expect(found.filter(({ planted }) => planted < 5)).toEqual([]);
});
