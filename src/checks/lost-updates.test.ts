import { describe, expect, test } from '@jest/globals';
import type { Lineage, Outcome } from '../seen.ts';
import { measureOf, story, watched } from './fixture.ts';
import { lostUpdates } from './lost-updates.ts';
import type { Details } from './updates/details.ts';

const probes = [watched('outside', 'registers', 'update', { params: { slots: 2, as: 'stock' } }), watched('inside', 'registers', 'update', { place: 'here', params: { slots: 2, as: 'stock' } })];
const drill = () => story({ probes }).phase(0, 'baseline').broken(2_000, 8_000).mark(4_000, 'pilot', 'promoted', 'there');

type Told = ReturnType<typeof drill>;
/** Both writers go round two slots here; `found`: newest first. */
function set(told: Told, started: number, value: string, found: Lineage, outcome: Outcome = 'acked', server = '1'): Told {
  const [probe = '', number = ''] = value.split(':');
  return told.look(started, 'update', probe, { group: 'stock', slot: (Number(number) - 1) % 2, value, outcome, server: outcome === 'acked' ? server : null, gtid: null, servedBy: null, found: outcome === 'acked' ? found : null }, { ok: outcome === 'acked', seq: Number(number) - 1 });
}
function end(told: Told, here: Record<string, Lineage>, there: Record<string, Lineage>, before = here): Told {
  const census = (at: number, region: string, stock: Record<string, Lineage>) => told.census(at, region, {}, { registers: { stock } });
  told.phase(8_000, 'heal');
  census(8_100, 'here', before); census(8_200, 'there', there);
  told.phase(9_000, 'rejoin').phase(10_000, 'quiesce').phase(10_500, 'reconcile');
  census(10_600, 'here', here); census(10_700, 'there', there);
  return told;
}
const judge = (told: Told, asked = {}) => lostUpdates.judge(told.history(), asked);
const details = (found: ReturnType<typeof judge>) => found.details as Details;
const values = (found: ReturnType<typeof judge>) => ({ reverted: details(found).reverted.map(({ value }) => value), conflicting: details(found).conflicting.map((one) => one.values.map(({ value }) => value)) });

describe('updates that stay', () => {
  test('a value that was replaced was not taken away, and nothing found meets the objective', () => {
    const told = set(set(set(drill(), 100, 'outside:1', [null]), 300, 'outside:3', ['outside:1', null]), 500, 'inside:5', ['outside:3', 'outside:1']);
    const found = judge(end(told, { 0: ['inside:5', 'outside:3', 'outside:1'] }, { 0: ['inside:5', 'outside:3', 'outside:1'] }), { maxReverted: 0, maxConflicting: 0 });
    expect([found.ruling, values(found)]).toEqual(['pass', { reverted: [], conflicting: [] }]);
    expect(found.because).toBe('0 of 3 acknowledged updates were taken away, 0 more indeterminate. Allowed were 0 taken away and 0 conflicting.');
  });

  test('what nobody heard the end of is no loss, and what it was built on is known from whoever came next', () => {
    const told = set(set(set(drill(), 100, 'outside:1', [null]), 300, 'outside:3', [], 'indeterminate'), 500, 'outside:5', ['outside:3', 'outside:1']);
    const found = judge(end(told, {}, { 0: ['outside:5', 'outside:3', 'outside:1'] }));
    expect([values(found).reverted, measureOf(found, 'updates.indeterminate').value, found.ruling]).toEqual([[], 1, 'measured']);
  });
});

describe('updates that are taken away', () => {
  const reverted = () => end(set(set(set(drill(), 100, 'outside:1', [null]), 1_900, 'outside:3', ['outside:1', null]), 2_500, 'inside:5', ['outside:3', 'outside:1']), { 0: ['outside:1', null] }, { 0: ['outside:1', null] }, { 0: ['inside:5', 'outside:3', 'outside:1'] });

  test('a slot set back to an older value: both newer ones are listed, with server, time and who still had them', () => {
    const found = judge(reverted(), { maxReverted: 1 });
    expect(found.ruling).toBe('fail');
    expect(details(found).reverted).toEqual([
      { value: 'outside:3', ackedAt: 1_910, server: '1', group: 'stock', slot: 0, gtid: null, after: 'outside:1', still: ['here'] },
      { value: 'inside:5', ackedAt: 2_510, server: '1', group: 'stock', slot: 0, gtid: null, after: 'outside:1', still: ['here'] },
    ]);
    expect(details(found).slots).toEqual([{ group: 'stock', slot: 0, reverted: 2, setBack: true, holds: [{ region: 'here', value: 'outside:1' }, { region: 'there', value: 'outside:1' }] }]);
    expect(found.because).toMatch(/^2 updates of 3 acknowledged ones were taken away, in 1 slot: .* in 1 it is older than they are\. Allowed were 1 taken away\.$/);
  });

  test('one that was set again afterwards hides nothing: who set it had found the older value', () => {
    const told = set(set(set(drill(), 100, 'outside:1', [null]), 1_900, 'outside:3', ['outside:1', null]), 5_000, 'outside:5', ['outside:1', null], 'acked', '2');
    const found = judge(end(told, { 0: ['outside:5', 'outside:1', null] }, { 0: ['outside:5', 'outside:1', null] }));
    expect(values(found)).toEqual({ reverted: ['outside:3'], conflicting: [] });
    expect(measureOf(found, 'updates.setBack').value).toBe(0);
  });

  test('where two that nobody heard the end of stand one upon the other, what lies below is left open, and the ruling with it', () => {
    const told = set(set(set(set(set(drill(), 100, 'outside:1', [null]), 300, 'outside:3', [], 'indeterminate'), 500, 'outside:5', [], 'indeterminate'), 700, 'outside:7', ['outside:5', 'outside:3']), 2_500, 'inside:9', ['outside:7', 'outside:5']);
    const found = judge(end(told, {}, { 0: ['outside:7', 'outside:5', 'outside:3'] }), { maxReverted: 1 });
    expect(values(found).reverted).toEqual(['inside:9']);
    expect(measureOf(found, 'updates.reverted')).toMatchObject({ value: 1, low: 1, high: 2 });
    expect([found.ruling, details(found).undecided]).toEqual(['inconclusive', 1]);
  });

  test('one that was acknowledged after the last census began is not known of', () => {
    const told = end(set(drill(), 100, 'outside:1', [null]), {}, { 0: ['outside:1', null] });
    const found = judge(set(told, 10_695, 'outside:3', ['outside:1', null]), { maxReverted: 0 });
    expect([values(found).reverted, details(found).neverRead, found.ruling]).toEqual([[], 1, 'inconclusive']);
  });
});

describe('updates that conflict', () => {
  const apart = (ends: Record<string, Lineage>) => end(set(set(set(set(drill(), 100, 'outside:1', [null]), 2_500, 'inside:3', ['outside:1', null]), 5_000, 'outside:5', ['outside:1', null], 'acked', '2'), 5_200, 'outside:7', ['outside:5', 'outside:1'], 'acked', '2'), ends, { 0: ['outside:7', 'outside:5', 'outside:1'] }, { 0: ['inside:3', 'outside:1', null] });

  test('two writers on two servers replaced one value: listed with both, and with what each database makes of them in the end', () => {
    const found = judge(apart({ 0: ['inside:3', 'outside:1', null] }), { maxConflicting: 0 });
    expect(found.ruling).toBe('fail');
    expect(details(found).conflicting).toEqual([{
      group: 'stock', slot: 0, over: 'outside:1', values: [{ value: 'inside:3', ackedAt: 2_510, server: '1' }, { value: 'outside:5', ackedAt: 5_010, server: '2' }],
      ends: [{ region: 'here', holds: 'inside:3', buildsOn: ['inside:3'] }, { region: 'there', holds: 'outside:7', buildsOn: ['outside:5'] }],
    }]);
    expect(measureOf(found, 'updates.diverged').value).toBe(1);
    expect(found.because).toContain('Once two writers changed the same value on two servers, and neither had seen the other. In the end the databases differ in 1 slot.');
  });

  test('once the copies agree again, one of the two was taken away', () => {
    const found = judge(apart({ 0: ['outside:7', 'outside:5', 'outside:1'] }));
    expect([values(found).reverted, measureOf(found, 'updates.diverged').value]).toEqual([['inside:3'], 0]);
  });
});

describe('what cannot be known is not said', () => {
  test('a value that nobody can have written fails, whatever was asked', () => {
    const found = judge(end(set(set(drill(), 100, 'outside:1', [null]), 300, 'outside:3', [], 'refused'), {}, { 0: ['outside:3', 'outside:1', null], 1: ['nobody:1', null] }));
    expect([found.ruling, details(found).phantoms]).toEqual(['fail', ['outside:3', 'nobody:1']]);
  });

  test.each([
    ['nobody updated anything', () => story(), /nobody updated anything: watch with a probe of kind registers/],
    ['the database has no registers', () => set(drill(), 100, 'outside:1', [null]).phase(10_500, 'reconcile').census(10_700, 'there', {}), /tells of no registers/],
    ['nobody read the database', () => set(drill(), 100, 'outside:1', [null]).phase(10_500, 'reconcile'), /no census of there/],
  ])('%s', (_says, tell, because) => {
    const found = judge(tell() as Told, { maxReverted: 0 });
    expect([found.ruling, found.because]).toEqual(['inconclusive', expect.stringMatching(because)]);
    expect(found.measures.every(({ value, reason }) => value === null && reason !== undefined)).toBe(true);
  });

  test('a look that ended without a word counts where its number says, as one that nobody heard the end of', () => {
    const told = set(drill(), 100, 'outside:1', [null]).look(300, 'update', 'outside', null, { ok: false, seq: 2 });
    const found = judge(end(told, {}, { 0: ['outside:3', 'outside:1', null] }));
    expect([measureOf(found, 'updates.indeterminate').value, details(found).phantoms, values(found).reverted]).toEqual([1, [], []]);
  });
});
