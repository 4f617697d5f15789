import { describe, expect, test } from '@jest/globals';
import type { History } from '../src/history.ts';
import { simulate } from '../src/report/advice/run.fixture.ts';

const two = ', witnesses: [{ name: cloud, place: outside }, { name: oregon, place: us-west-2 }]';
const said = (history: History) => history.entries.flatMap((entry) => (entry.kind === 'mark' && entry.who === 'pilot' ? [entry.what] : []));

describe('witnesses, in the model', () => {
  test('a pilot that alone loses its view promotes nothing where it asks, and promotes where it does not', async () => {
    const asking = await simulate('witnesses');
    expect(asking.report.verdict.ruling).toBe('pass');
    expect(said(asking.history)).toEqual(expect.arrayContaining(['suspected', 'outvoted', 'cleared']));
    expect(said(asking.history)).not.toContain('promoted');
    const alone = await simulate('witnesses', { [two]: '' });
    expect(alone.report.verdict.ruling).toBe('fail');
    expect(said(alone.history)).toContain('promoted');
  }, 60_000);

  test('a region that is really lost is given up by them all; half of two is not enough', async () => {
    const view = 'link-cut,        at: 0s, until: 25s, with: { a: { place: outside, part: pilot }, b: { place: ap-northeast-2 } } }';
    const lost = 'region-outage,   at: 0s, until: 25s, with: { region: ap-northeast-2, how: black-hole } }';
    const both = 'replication-cut, at: 0s, until: 25s, with: { region: ap-northeast-2 } }';
    expect(said((await simulate('witnesses', { [view]: lost })).history)).toEqual(expect.arrayContaining(['declared dead', 'promoted']));
    const one = await simulate('witnesses', { [two]: ', witnesses: [{ name: cloud, place: outside }]' });
    expect(said(one.history)).toContain('outvoted');
    // Where the other region's witness misses it as well as the pilot, two of three do: the one beside the pilot is outvoted.
    const beside = 'link-cut,        at: 0s, until: 25s, with: { a: { place: us-west-2 }, b: { place: ap-northeast-2 } } }';
    expect(said((await simulate('witnesses', { [both]: beside })).history)).toContain('promoted');
  }, 60_000);

  test('without a quorum nothing is decided, and a witness that is back decides', async () => {
    const { history } = await simulate('witnesses-lost');
    expect(said(history)).toContain('no quorum');
    expect(said(history)).not.toContain('promoted');
    const back = await simulate('witnesses-lost', { 'at: 0s, until: 40s': 'at: 0s, until: 15s' });
    expect(said(back.history)).toEqual(expect.arrayContaining(['no quorum', 'declared dead', 'promoted']));
  }, 60_000);
});
