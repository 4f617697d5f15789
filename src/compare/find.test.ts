import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { drillHistory } from '../reporters/fixture.ts';
import { drillVerdict } from '../reporters/verdict-fixture.ts';
import { makeReport } from '../report.ts';
import type { Outcome } from '../outcome.ts';
import { findLastGood, findRuns, type FoundSet } from './find.ts';
import { outcomes } from './fixture.ts';

let reports = '';
beforeEach(async () => { reports = await mkdtemp(join(tmpdir(), 'regionfall-')); });
afterEach(async () => { await rm(reports, { recursive: true }); });

const turn = (name: string) => ({ name, number: 1, of: 5, seed: 's', delayMs: 0, withinMs: 1 });
const night = (name: string, day: number, more: Partial<Outcome> = {}) => outcomes(name, [30, 31, 32, 33, 34].map((rto) => ({ rto })), { series: turn(name), startedAt: `2026-11-${String(day).padStart(2, '0')}T02:00:00Z`, ...more });
const keep = async (...all: readonly (readonly Outcome[])[]) => writeFile(join(reports, 'history.jsonl'), `${all.flat().map((one) => JSON.stringify(one)).join('\n')}\n`);
const ids = ({ found }: FoundSet) => found.map(({ outcome }) => outcome.id);
const [print] = outcomes('x', [{}]).map(({ fingerprint }) => fingerprint) as [Outcome['fingerprint']];

describe('a word names runs', () => {
  beforeEach(async () => keep(
    night('one', 1, { label: 'v1', revision: 'aaaabbbbcccc' }),
    night('two', 2, { label: 'v2', revision: 'ddddeeeeffff', settings: { 'dns.interval': '30s' }, fingerprint: { ...print, hash: 'f1', versions: { mariadb: '11.4.2' } } }),
  ));
  const two = ['two-1', 'two-2', 'two-3', 'two-4', 'two-5'];

  test.each([['a series', 'two'], ['a label', 'v2'], ['a version', 'mariadb@11.4'], ['a setting', 'dns.interval=30s'], ['a commit', 'ddddeeee']])('by %s', async (_what, word) => {
    expect(ids(await findRuns(word, reports))).toEqual(two);
  });

  test('by a run, by a compact history, by a folder of either', async () => {
    expect(ids(await findRuns('two-3', reports))).toEqual(['two-3']);
    expect(ids(await findRuns(join(reports, 'history.jsonl'), reports))).toHaveLength(10);
    const report = makeReport(drillHistory({ lost: 0 }), drillVerdict(0));
    await mkdir(join(reports, 'series', 'run'), { recursive: true });
    await writeFile(join(reports, 'series', 'run', 'report.json'), JSON.stringify(report));
    await writeFile(join(reports, 'series', 'run', 'history.jsonl'), 'entries of the run, which are nobody\'s outcome\n');
    expect(ids(await findRuns(join(reports, 'series'), reports))).toEqual([report.run.id]);
    expect(ids(await findRuns(reports, reports))).toHaveLength(11);
  });

  test('or is refused, with what there is; never taken for no baseline', async () => {
    await expect(findRuns('tow', reports)).rejects.toThrow(/"tow" is no folder.*\n.*did you mean "two"/);
  });

  test('a line that tells of no run is named; half a last line is left out', async () => {
    const lines = outcomes('one', [{ rto: 1 }]).map((one) => JSON.stringify(one));
    await writeFile(join(reports, 'history.jsonl'), `${lines[0]}\nrubbish\n${lines[0]}\n`);
    await expect(findRuns('one', reports)).rejects.toThrow(/history\.jsonl:2: this line tells of no run/);
    await writeFile(join(reports, 'history.jsonl'), `${lines[0]}\n{"schema":1,"id":"ha`);
    expect(ids(await findRuns(reports, reports))).toEqual(['one-1']);
  });
});

describe('the last good night', () => {
  const now: FoundSet = { name: 'now', found: night('now', 20).map((outcome) => ({ outcome, dir: null })) };

  test('is the latest before that is good, has enough runs, and is most alike', async () => {
    await keep(
      night('good', 10), night('later', 12), night('failed', 14, { ruling: 'fail' }), night('few', 15).slice(0, 4), night('upgraded', 16, { fingerprint: { ...print, hash: 'f2', versions: { mariadb: '11.4.2' } } }),
      night('scenario', 17, { fingerprint: { ...print, scenario: 's2' } }), night('future', 25), night('now', 20),
    );
    expect((await findLastGood(now, reports)).name).toBe('later');
  });

  test('falls back, in order, where no exact one is there; and is nobody where there is none', async () => {
    await keep(night('settings', 18, { fingerprint: { ...print, settings: 'c2', hash: 'f3' } }), night('upgraded', 16, { fingerprint: { ...print, hash: 'f2', versions: { mariadb: '11.4.2' } } }));
    expect((await findLastGood(now, reports)).name).toBe('upgraded');
    await keep(night('failed', 14, { ruling: 'fail' }));
    expect(ids(await findLastGood(now, reports))).toEqual([]);
    expect(ids(await findLastGood(now, join(reports, 'nothing')))).toEqual([]);
  });
});
