import { describe, expect, test } from '@jest/globals';
import type { Ranges } from '../seen.ts';
import { commits } from './commits.ts';
import { measureOf, story, watched } from './fixture.ts';

const probes = [watched('front', 'http', 'http'), watched('writer', 'ledger', 'write'), watched('promotion', 'direct', 'write', { place: 'there' }), watched('copy', 'copy', 'read', { place: 'there' })];

/** A write every 100 ms from 0 on, each taking `takes`; broken at 20 s, with time zero between 20.02 s and 20.05 s. */
function written(takes: (number: number) => number = () => 20) {
  const tale = story({ probes }).phase(0, 'stabilise').phase(1_000, 'baseline');
  for (let number = 1; number <= 200; number += 1) tale.write((number - 1) * 100, 'writer', number, 'acked', { takes: takes(number) });
  return tale;
}
const copied = (tale: ReturnType<typeof written>, at: number, numbers: Ranges, from = 1) => tale.look(at, 'read', 'copy', { writer: 'writer', from, numbers, server: '2' });
const judged = (tale: ReturnType<typeof written>, objective = {}) => commits.judge(tale.phase(20_000, 'break').broken(20_000).phase(30_000, 'quiesce').history(), objective);

describe('commits', () => {
  test('what a commit took, in the middle and at the 99th percentile, while nothing was broken', () => {
    const found = judged(written((number) => (number % 20 === 0 ? 400 : 130)), { maxP99: 300 });
    expect(measureOf(found, 'commits.p50')).toMatchObject({ value: 0.13, unit: 's' });
    expect(measureOf(found, 'commits.p99')).toMatchObject({ value: 0.4 });
    expect(found.ruling).toBe('fail');
    expect(found.because).toContain('0.13 s in the middle and 0.40 s at the 99th percentile');
    expect(judged(written(), { maxP99: 300 }).ruling).toBe('pass');
  });

  test('too few for a percentile: none is given, and no objective judged by it', () => {
    const few = story({ probes }).phase(0, 'baseline');
    for (let number = 1; number <= 99; number += 1) few.write(number * 100, 'writer', number, 'acked');
    const found = judged(few, { maxP99: 300 });
    expect(measureOf(found, 'commits.p50').value).toBe(0.01);
    expect(measureOf(found, 'commits.p99')).toMatchObject({ value: null, reason: expect.stringContaining('99 commits are too few') });
    expect(found.ruling).toBe('inconclusive');
  });

  test('a probe of promotions is no commit of anybody\'s', () => {
    const tale = written();
    for (let number = 1; number <= 190; number += 1) tale.write(number * 100, 'promotion', number, 'acked', { takes: 5_000 });
    expect(measureOf(judged(tale), 'commits.p99').value).toBe(0.02);
  });

  test('what was sent and not answered when it broke, with the doubt that time zero has', () => {
    const tale = written();
    tale.write(19_990, 'writer', 201, 'indeterminate', { takes: 5_000 }); // under way for sure
    tale.write(20_030, 'writer', 202, 'indeterminate', { takes: 5_000 }); // sent after the earliest time zero
    expect(measureOf(judged(tale), 'commits.underway')).toMatchObject({ low: 1, high: 2 });
  });

  test('how far the copy was behind: the age of the oldest acknowledged write that it did not show', () => {
    const tale = written();
    copied(tale, 5_000, [[1, 50]]);       // all that was acked by 5.0 s
    copied(tale, 10_000, [[1, 90]]);      // number 91 was acked at 9.02 s: 0.98 s behind
    copied(tale, 15_000, [[1, 140], [142, 150]]); // a hole: number 141 was acked at 14.02 s
    copied(tale, 19_950, [[150, 198]], 150); // number 199 was acked at 19.82 s
    const found = judged(tale, { maxLag: 500 });
    expect(measureOf(found, 'commits.lag').value).toBe(0.13);
    expect(measureOf(found, 'commits.lagMax')).toMatchObject({ value: 0.98, n: 4 });
    expect(measureOf(found, 'commits.lagAtCut')).toMatchObject({ value: 0.13, low: 0 });
    expect(measureOf(found, 'commits.lagAtCut').high).toBeGreaterThanOrEqual(0.18);
    expect(found.ruling).toBe('fail');
  });

  test('no copy read, nothing broken: said, and no zero', () => {
    const calm = written().phase(21_000, 'quiesce').history();
    const found = commits.judge({ ...calm, run: { ...calm.run, faults: [] } }, { maxLag: 500 });
    expect(measureOf(found, 'commits.p99').value).toBe(0.02);
    for (const name of ['commits.underway', 'commits.lag', 'commits.lagMax', 'commits.lagAtCut']) expect(measureOf(found, name)).toMatchObject({ value: null, reason: expect.any(String) });
    expect(found.ruling).toBe('inconclusive');
  });
});
