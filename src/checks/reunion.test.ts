import { describe, expect, test } from '@jest/globals';
import type { Ranges } from '../seen.ts';
import { dataLoss } from './data-loss.ts';
import { measureOf, story, watched } from './fixture.ts';
import { reunion } from './reunion.ts';

const { topology } = story().history().run;
const active = { ...topology, system: 'active-active', regions: [{ name: 'here', role: 'active' as const, weight: 60 }, { name: 'there', role: 'active' as const, weight: 40 }] };
const probes = [watched('in', 'ledger', 'write', { place: 'here' }), watched('by', 'ledger', 'write', { place: 'there' }), watched('copy', 'copy', 'read', { place: 'there', everyMs: 500, params: { writer: 'in' } })];
const rows = (mine: Ranges, theirs: Ranges) => ({ in: { numbers: mine, counts: {} }, by: { numbers: theirs, counts: {} } });

/** Both write every 100 ms; T0 in [2000, 2050], healed at [5000, 5010]. Until then "there" has 1-20 of "in", and "here" 1-19 of "by". `ends`: what each holds of "in" in the end. */
function told(ends: { readonly here: Ranges; readonly there: Ranges } = { here: [[1, 60]], there: [[1, 60]] }) {
  const it = story({ topology: active, probes }).phase(0, 'baseline').phase(2_000, 'break').broken(2_000, 5_000).phase(5_000, 'heal').phase(6_500, 'quiesce').phase(8_000, 'reconcile');
  for (let number = 1; number <= 60; number += 1) it.write(100 * number, 'in', number, 'acked', { server: '1' }).write(100 * number, 'by', number, 'acked', { server: '2' });
  it.census(4_900, 'here', rows([[1, 48]], [[1, 19]])).census(4_950, 'there', rows([[1, 20]], [[1, 49]]));
  for (const [at, last] of [[5_200, 20], [5_700, 30], [6_200, 58]] as const) it.look(at, 'read', 'copy', { writer: 'in', from: 1, numbers: [[1, last]], server: '2' });
  return it.census(8_100, 'here', rows(ends.here, [[1, 60]])).census(8_150, 'there', rows(ends.there, [[1, 60]]));
}

describe('reunion', () => {
  test('what each lacked of the other, since when, and when it came: by hand', () => {
    const found = reunion.judge(told().history(), {});
    // Of "in" 21 to 49 had been acked (at 2110 to 4910) when "there" was read at 4950; of "by" 20 to 48 (at 2010 to 4810) when "here" was, at 4900.
    expect(measureOf(found, 'reunion.away')).toMatchObject({ value: 29, n: 29 });
    expect(measureOf(found, 'reunion.away.span').value).toBe(2.84);
    expect(measureOf(found, 'reunion.ahead').value).toBe(29);
    expect(measureOf(found, 'reunion.ahead.span').value).toBe(2.89);
    // The look begun at 6200 showed all 29, the one at 5700 did not.
    expect(measureOf(found, 'reunion.back')).toMatchObject({ value: 1.2, low: 0.69, high: 1.21 });
    expect(measureOf(found, 'reunion.forward').reason).toContain('no copy was read in here');
    expect(measureOf(found, 'reunion.never').value).toBe(0);
    expect(found.ruling).toBe('measured');
    expect(found.because).toContain('it had been out of reach, not lost');
  });

  test('a write that never comes to the other fails it, and is lost to half of the users', () => {
    const half = told({ here: [[1, 60]], there: [[1, 39], [41, 60]] }).history();
    const found = reunion.judge(half, {});
    expect(measureOf(found, 'reunion.never').value).toBe(1);
    expect(found.ruling).toBe('fail');
    const loss = dataLoss.judge(half, { maxLost: 0 });
    expect([loss.ruling, measureOf(loss, 'loss.lost').value, measureOf(loss, 'loss.stranded').value]).toEqual(['fail', 1, 1]);
    expect(loss.because).toContain('in one of the two databases only');
  });

  test('where both have everything nothing is lost, and two that take writes are no split brain', () => {
    const loss = dataLoss.judge(told().history(), { maxLost: 0 });
    expect([loss.ruling, measureOf(loss, 'loss.acked').value, (loss.details as { splitBrain: unknown }).splitBrain]).toEqual(['pass', 120, null]);
  });

  test('a limit on the return is missed by a copy that shows it late', () => {
    expect(reunion.judge(told().history(), { maxBack: 500 }).ruling).toBe('fail');
  });

  test('without a reading while they were apart nothing is known', () => {
    const history = told().history();
    const found = reunion.judge({ ...history, entries: history.entries.filter((entry) => entry.kind !== 'sample' || entry.says !== 'census' || entry.at > 5_000) }, {});
    expect(found.ruling).toBe('inconclusive');
  });
});
