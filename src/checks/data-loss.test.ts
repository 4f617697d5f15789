import { describe, expect, test } from '@jest/globals';
import type { Ranges } from '../seen.ts';
import { measureOf, story, watched } from './fixture.ts';
import type { Details } from './loss/details.ts';
import { dataLoss } from './data-loss.ts';
import { ledgerLines } from './ledger-lines.ts';
import { spentMs } from '../../test/spent.ts';

const probes = [watched('w', 'ledger', 'write', { everyMs: 100 }), watched('in', 'ledger', 'write', { place: 'here' }), watched('reads', 'reads', 'read', { everyMs: 1_000, params: { writer: 'w' } })];
const rows = (numbers: Ranges, counts: Record<string, number> = {}) => ({ w: { numbers, counts } });
const names = (found: ReturnType<typeof dataLoss.judge>) => Object.fromEntries(found.measures.map(({ name, value }) => [name.replace('loss.', ''), value]));

/** One write every 100 ms, number n started at 100 n and acked 10 ms later by server 1, to number `to`; T0 in [2000, 2050]. */
function written(to = 19) {
  const told = story({ probes }).phase(0, 'baseline').broken(2_000, 5_000).phase(5_000, 'heal').phase(6_000, 'rejoin').phase(8_000, 'reconcile');
  for (let number = 1; number <= to; number += 1) told.write(100 * number, 'w', number, 'acked', { gtid: `0-1-${100 + number}` });
  return told;
}

describe('classes', () => {
  test('nothing lost: zero of how many, and the resolution of that zero', () => {
    const found = dataLoss.judge(written().census(8_100, 'here', rows([[1, 19]])).history(), { maxLost: 0, maxRpo: 1_000 });
    expect(found.ruling).toBe('pass');
    expect(found.because).toContain('0 lost of 19 acknowledged writes');
    expect((found.details as Details).atCut).toEqual({ lastSecond: 10, last: 0.09 }); // acked 1010..1910; the last 90 ms before 2000
    expect(names(found)).toEqual({ acked: 19, lost: 0, stranded: 0, destroyed: 0, recovered: 0, unresolved: 0, phantom: 0, duplicated: 0, stale: 0, rpo: 0, afterCut: 0, 'afterCut.span': 0, indeterminate: 0, degraded: null, 'degraded.lost': null, 'degraded.span': null });
  });

  test('stranded and destroyed, on both sides of the cut: times by hand', () => {
    const told = written().write(2_020, 'w', 20, 'acked').write(2_100, 'w', 21, 'acked').write(2_500, 'w', 25, 'acked').mark(3_000, 'pilot', 'promoted', 'there');
    const found = dataLoss.judge(told.census(5_100, 'here', rows([[1, 17], [19, 21], [25, 25]])).census(8_100, 'there', rows([[1, 16]])).history(), { maxLost: 4, maxRpo: 1_000 });
    expect(names(found)).toMatchObject({ acked: 22, lost: 6, stranded: 5, destroyed: 1, phantom: 0, afterCut: 2 });
    // Oldest lost: 17, started 1700, acked 1710. value 2000 - 1710, high 2050 - 1700.
    expect(measureOf(found, 'loss.rpo')).toMatchObject({ value: 0.29, low: 0.29, high: 0.35 });
    // After: surely 21 and 25 (begun after 2050); 20, acked at 2030, may have been.
    expect(measureOf(found, 'loss.afterCut')).toMatchObject({ value: 2, low: 2, high: 3 });
    // Last: 25, started 2500, acked 2510: 2510 - 2000, least 2500 - 2050.
    expect(measureOf(found, 'loss.afterCut.span')).toMatchObject({ value: 0.51, low: 0.45, high: 0.51 });
    expect(found.ruling).toBe('fail');
    expect((found.details as Details).writes.map(({ op, class: fate, cut }) => [op, fate, cut])).toEqual([['w:17', 'stranded', 'before'], ['w:18', 'destroyed', 'before'], ['w:19', 'stranded', 'before'], ['w:20', 'stranded', 'before'], ['w:21', 'stranded', 'after'], ['w:25', 'stranded', 'after']]);
  });

  test('a recovery point objective judges both sides', () => {
    const told = () => written().write(2_100, 'w', 21, 'acked').write(4_900, 'w', 49, 'acked').mark(3_000, 'pilot', 'promoted', 'there').census(5_100, 'here', rows([[1, 19], [21, 21], [49, 49]])).census(8_100, 'there', rows([[1, 19]])).history();
    expect(dataLoss.judge(told(), { maxRpo: 1_000 }).ruling).toBe('fail');
    expect(dataLoss.judge(told(), { maxRpo: 3_000 }).ruling).toBe('pass');
    expect(dataLoss.judge(told(), { maxLost: 1 }).ruling).toBe('fail');
    expect(dataLoss.judge(told(), {}).ruling).toBe('measured');
  });

  test('indeterminate is neither lost nor kept, also when the look told nothing', () => {
    const told = written().write(2_100, 'w', 21, 'indeterminate').write(2_200, 'w', 22, 'indeterminate').write(2_300, 'w', 23, 'refused').look(2_400, 'write', 'w', null, { ok: false, error: 'the look did not end', seq: 23 });
    const found = dataLoss.judge(told.census(8_100, 'here', rows([[1, 19], [22, 22], [24, 24]])).history(), { maxLost: 0 });
    expect(names(found)).toMatchObject({ acked: 19, lost: 0, indeterminate: 3, recovered: 2, unresolved: 1, phantom: 0 });
    expect(found.ruling).toBe('pass');
  });

  test('phantoms fail whatever was asked: refused, never attempted, or of a writer nobody knows', () => {
    const told = () => written().write(2_300, 'w', 23, 'refused');
    expect(names(dataLoss.judge(told().census(8_100, 'here', rows([[1, 19], [23, 23]])).history(), {}))).toMatchObject({ phantom: 1 });
    expect(dataLoss.judge(told().census(8_100, 'here', rows([[1, 19], [77, 77]])).history(), {})).toMatchObject({ ruling: 'fail', because: expect.stringContaining('w:77') });
    expect(names(dataLoss.judge(told().census(8_100, 'here', { ...rows([[1, 19]]), x: { numbers: [[1, 2]], counts: {} } }).history(), {}))).toMatchObject({ phantom: 2 });
    expect(names(dataLoss.judge(told().census(5_100, 'here', rows([[1, 19], [23, 23]])).census(8_100, 'here', rows([[1, 19]])).history(), {}))).toMatchObject({ phantom: 1 });
  });

  test('more rows than attempts explain are duplicated; a retry explains its own', () => {
    const told = written().write(2_300, 'w', 19, 'acked', { attempt: 2 }).census(8_100, 'here', rows([[1, 19]], { 5: 2, 19: 2 }));
    const found = dataLoss.judge(told.history(), { maxLost: 0 });
    expect(names(found)).toMatchObject({ duplicated: 1, acked: 19 });
    expect((found.details as Details).retried).toBe(1);
    expect(found.ruling).toBe('fail');
  });

  test('stale: acked before the read began, missing from it, there in the end', () => {
    const told = written().look(1_505, 'read', 'reads', { writer: 'w', from: 10, numbers: [[10, 12]], server: '2' });
    const found = dataLoss.judge(told.census(8_100, 'here', rows([[1, 19]])).history(), {});
    // Begun at 1505: 13 (acked 1310) and 14 (1410) are missing; 15 was acked at 1510, too late for it.
    expect(names(found)).toMatchObject({ stale: 2, lost: 0 });
    expect((found.details as Details).stale.late).toEqual({ p50: 0.095, p95: null, max: 0.195 });
    const gone = written().look(1_505, 'read', 'reads', { writer: 'w', from: 10, numbers: [[10, 12]], server: '2' }).census(8_100, 'here', rows([[1, 12], [15, 19]]));
    expect(names(dataLoss.judge(gone.history(), {}))).toMatchObject({ stale: 0, lost: 2 });
  });

  test('acked after the last census began is never read: inconclusive, not lost', () => {
    const found = dataLoss.judge(written().write(8_095, 'w', 81, 'acked').census(8_100, 'here', rows([[1, 19]])).history(), { maxLost: 0 });
    expect(names(found)).toMatchObject({ lost: 0 });
    expect(found.ruling).toBe('inconclusive');
  });
});

describe('what caps it', () => {
  test('no census of who serves in the end', () => {
    const found = dataLoss.judge(written().mark(3_000, 'pilot', 'promoted', 'there').census(8_100, 'here', rows([[1, 19]])).history(), { maxLost: 0 });
    expect(found.ruling).toBe('inconclusive');
    expect(found.measures.map(({ name, value }) => [name, value])).toEqual(dataLoss.measures.map((name) => [name, null]));
    expect(found.because).toContain('no census of there');
  });

  test('no ack in the last second before the cut', () => {
    const found = dataLoss.judge(written(9).census(8_100, 'here', rows([[1, 9]])).history(), { maxLost: 0 }); // the last at 910
    expect(found).toMatchObject({ ruling: 'inconclusive', because: expect.stringContaining('last second') });
    expect(dataLoss.judge(written(10).census(8_100, 'here', rows([[1, 10]])).history(), { maxLost: 0 }).ruling).toBe('pass'); // 1010
  });

  test('lost, and no other server was read: stranded and destroyed stay unknown', () => {
    const found = dataLoss.judge(written().census(8_100, 'here', rows([[1, 18]])).history(), {});
    expect(names(found)).toMatchObject({ lost: 1, stranded: null, destroyed: null });
  });
});

describe('servers', () => {
  const failedOver = (state: { old: string; new: string }, survived: Ranges = [[1, 17], [40, 40]]) => {
    const told = written().write(2_600, 'w', 26, 'acked', { gtid: '0-1-120' }).mark(2_450, 'pilot', 'promoted', 'there');
    return told.write(2_500, 'w', 40, 'acked', { server: '2', gtid: '0-2-118' }).census(5_100, 'here', rows([[1, 19], [26, 26]]), { state: state.old }).census(5_100, 'there', rows([[1, 17], [40, 40]]), { state: state.new }).census(8_100, 'there', rows(survived)).history();
  };

  test('a replica that lags is no sign of errant transactions while nobody took over from the primary', () => {
    const told = written().census(5_100, 'here', rows([[1, 19]]), { state: '0-1-119' }).census(5_200, 'there', rows([[1, 9]]), { state: '0-1-109' });
    const quiet = dataLoss.judge(told.census(8_100, 'here', rows([[1, 19]]), { state: '0-1-119' }).history(), {});
    expect((quiet.details as Details).errant).toBe('no other database was made the primary');
    expect(quiet.because).not.toContain('errant');
  });

  test('errant GTIDs beside stranded writes', () => {
    // Lost: 18 (0-1-118), 19 (0-1-119), 26 (0-1-120); the old server is three beyond 0-1-117.
    const found = dataLoss.judge(failedOver({ old: '0-1-120', new: '0-1-117,0-2-118' }), {});
    expect((found.details as Details).errant).toEqual({ errant: 3, stranded: 3, strandedInErrant: 3, indeterminateOnOld: 0, updates: 0, differs: 0, ranges: ['0-1-118..120'] });
    expect(found.because).toContain('The databases agree');
    const strange = dataLoss.judge(failedOver({ old: '0-1-118', new: '0-1-117,0-2-118' }), {});
    expect((strange.details as Details).errant).toMatchObject({ errant: 1, differs: -2, strandedInErrant: 1 });
    expect(strange.because).toContain('do not explain');
    expect((dataLoss.judge(failedOver({ old: 'uuid:1-5', new: '' }), {}).details as Details).errant).toContain('no GTIDs');
  });

  test('the same by MySQL`s sets: holes, several servers, tags', () => {
    const [here, there] = ['aaaaaaaa-e639-11f1-b9ee-02fc00000001', 'bbbbbbbb-e639-11f1-b9ee-02fc00000001'];
    const told = written(17).write(1_800, 'w', 18, 'acked', { gtid: `${here}:118` }).write(1_900, 'w', 19, 'acked', { gtid: `${here}:fix:4` }).mark(2_450, 'pilot', 'promoted', 'there');
    const history = told.census(5_100, 'here', rows([[1, 19]]), { state: `${here}:1-118:fix:1-4` }).census(5_100, 'there', rows([[1, 17]]), { state: `${here}:1-117:fix:1-3,${there}:1` }).census(8_100, 'there', rows([[1, 17]])).history();
    expect((dataLoss.judge(history, {}).details as Details).errant).toEqual({ errant: 2, stranded: 2, strandedInErrant: 2, indeterminateOnOld: 0, updates: 0, differs: 0, ranges: [`${here}:118..118`, `${here}:fix:4..4`] });
  });

  test('both servers acked: from the first ack of the new to the last of the old', () => {
    // New: 2500..2510; old: 2600..2610.
    expect((dataLoss.judge(failedOver({ old: '', new: '' }), {}).details as Details).splitBrain).toEqual({ old: '1', current: '2', value: 0.1, low: 0.09, high: 0.11, ackedByOld: 1 });
    expect((dataLoss.judge(written().census(8_100, 'here', rows([[1, 19]])).history(), {}).details as Details).splitBrain).toBeNull();
  });

  test('a survivor begun after a lost one was acked by the same server is flagged; one of the next server is not', () => {
    expect((dataLoss.judge(failedOver({ old: '', new: '' }), {}).details as Details).beyondLoss).toBe(0);
    const found = dataLoss.judge(failedOver({ old: '', new: '' }, [[1, 16], [18, 19], [40, 40]]), {});
    expect((found.details as Details).beyondLoss).toBe(2); // 18 and 19, begun after 17 was acked
    expect(found.because).toContain('no clean tail');
  });

  test('after a fail-back the first primary is the authority again', () => {
    const told = written().mark(3_000, 'pilot', 'promoted', 'there').mark(7_000, 'pilot', 'switched over', 'here').census(8_100, 'here', rows([[1, 19]])).census(8_100, 'there', rows([[1, 18]]), { checksum: 'other' });
    const found = dataLoss.judge(told.history(), {});
    expect(names(found)).toMatchObject({ lost: 0 });
    expect(found.details).toMatchObject({ authority: 'here', copies: [{ region: 'there', same: false }] });
  });
});

test('the ledger`s lines: every attempt with its class, and rows nobody wrote', () => {
  const told = written(2).write(2_100, 'w', 3, 'acked').write(2_200, 'w', 4, 'indeterminate').write(2_300, 'w', 5, 'refused').census(5_100, 'here', rows([[1, 3]])).mark(3_000, 'pilot', 'promoted', 'there').census(8_100, 'there', rows([[1, 1], [4, 4], [9, 9]], { 1: 2 }));
  const lines = [...ledgerLines(told.history())].map((line) => JSON.parse(line) as Record<string, unknown>);
  expect(lines.map(({ op, outcome, class: fate, cut }) => [op, outcome, fate, cut])).toEqual([
    ['w:1', 'acked', 'kept', 'before'], ['w:2', 'acked', 'stranded', 'before'], ['w:3', 'acked', 'stranded', 'after'], ['w:4', 'indeterminate', 'recovered', null], ['w:5', 'refused', 'refused', null], ['w:9', null, 'phantom', undefined],
  ]);
  expect(lines[0]).toMatchObject({ rows: 2, attempt: 1, server: '1', startedAt: 100, endedAt: 110, place: 'outside' });
  expect([...ledgerLines(written(1).history())].map((line) => (JSON.parse(line) as { class: unknown }).class)).toEqual([null]);
});

test('a hundred thousand writes are reconciled in linear time', async () => {
  const told = story({ probes }).phase(0, 'baseline').broken(1_999_990).phase(2_000_100, 'reconcile');
  for (let number = 1; number <= 100_000; number += 1) told.write(20 * number - 15, 'w', number, 'acked');
  const history = told.census(2_000_200, 'here', rows([[1, 99_990], [99_992, 100_000]])).history();
  expect(await spentMs(() => { expect(names(dataLoss.judge(history, {}))).toMatchObject({ acked: 100_000, lost: 1 }); })).toBeLessThan(10_000);
});
