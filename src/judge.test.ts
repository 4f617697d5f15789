import { describe, expect, test } from '@jest/globals';
import { z } from 'zod';
import type { BoundCheck, Finding } from './check.ts';
import type { History } from './history.ts';
import { judge } from './judge.ts';
import { story, watched } from './checks/fixture.ts';

const says = (name: string, ruling: Finding['ruling']): BoundCheck => ({ name, objective: {}, check: { kind: 'fixed', about: '', measures: [], objective: z.unknown(), judge: () => ({ ruling, because: `${name}.`, measures: [] }) } });
const bad = (at: number) => at >= 2_000 && at < 3_000;

/** Baseline at 0, broken at 2000, back at 3000, healed at 5000, writers stopped at 6000; control good all along. */
function sound(over: Parameters<typeof story>[0] = {}) {
  return story(over).phase(0, 'baseline').phase(1_900, 'break').broken(2_000, 5_000).phase(5_000, 'heal').phase(6_000, 'quiesce').phase(6_500, 'done').http('front', 0, 6_000, bad).http('control', 0, 6_000);
}

const gateOf = (history: History, name: string) => judge([says('rto', 'pass')], history).findings.find((finding) => finding.check === name);

describe('merging', () => {
  const history = sound().history();
  test.each([
    [['pass', 'pass'], 'pass'], [['pass', 'measured'], 'pass'], [['measured'], 'pass'], [['pass', 'inconclusive'], 'inconclusive'], [['inconclusive', 'fail', 'pass'], 'fail'],
  ] as const)('%s is %s', (rulings, ruling) => {
    const verdict = judge(rulings.map((one, index) => says(`c${index}`, one)), history);
    expect(verdict.ruling).toBe(ruling);
    expect(verdict.because).not.toBe('');
  });

  test('gates come first, and each is a finding of its own', () => {
    expect(judge([says('rto', 'pass')], history).findings.map(({ check, kind, ruling }) => [check, kind, ruling])).toEqual([
      ['completed', 'gate', 'pass'], ['fault proven', 'gate', 'pass'], ['control path', 'gate', 'pass'], ['instrument', 'gate', 'pass'], ['impact', 'gate', 'pass'], ['rto', 'fixed', 'pass'],
    ]);
  });

  test('a check that crashes is inconclusive, with its words', () => {
    const crash: BoundCheck = { ...says('x', 'pass'), check: { ...says('x', 'pass').check, judge: () => { throw new Error('no such thing'); } } };
    const verdict = judge([crash, says('rto', 'pass')], history);
    expect(verdict.ruling).toBe('inconclusive');
    expect(verdict.findings.find(({ check }) => check === 'x')?.because).toContain('no such thing');
  });

  test.each(['pass', 'fail'] as const)('a broken gate caps %s at inconclusive', (ruling) => {
    const verdict = judge([says('rto', ruling)], sound().history('aborted'));
    expect(verdict.ruling).toBe('inconclusive');
    expect(verdict.findings.at(-1)?.ruling).toBe(ruling);
  });
});

describe('gates', () => {
  test('completed: the last remark says why not', () => {
    const history = sound().entry({ kind: 'note', at: 1, text: 'healthy: 3 of 9 looks' }).entry({ kind: 'note', at: 2, text: 'shoppers: a remark at the end', by: 'shoppers' }).history('aborted');
    expect(gateOf(history, 'completed')).toMatchObject({ ruling: 'inconclusive', because: expect.stringContaining('healthy: 3 of 9 looks') });
  });

  test('fault proven: one that does not bite, with what was expected and seen', () => {
    const history = story().phase(0, 'baseline').fault(2_000, 'injecting').fault(2_010, 'injected').fault(3_000, 'unproven', { evidence: ['outside -> here/app: ok (expected silent)'] }).http('front', 0, 6_000).http('control', 0, 6_000).history();
    expect(gateOf(history, 'fault proven')).toMatchObject({ ruling: 'inconclusive', because: expect.stringContaining('ok (expected silent)') });
    expect(judge([says('rto', 'fail')], history).ruling).toBe('inconclusive');
  });

  test('fault proven: one that was never pulled, and one that nobody saw gone', () => {
    expect(gateOf(story().phase(0, 'baseline').history(), 'fault proven')?.because).toContain('never pulled');
    const stuck = story().phase(0, 'baseline').broken(2_000).phase(5_000, 'heal').fault(5_000, 'healing').fault(5_010, 'healed').fault(6_000, 'failed', { evidence: ['outside -> here/app: silent'] }).history();
    expect(gateOf(stuck, 'fault proven')).toMatchObject({ ruling: 'inconclusive', because: expect.stringContaining('here/app: silent') });
  });

  test('fault proven: nothing to break is fine', () => {
    expect(gateOf(story({ faults: [], impact: null }).phase(0, 'baseline').history(), 'fault proven')?.ruling).toBe('pass');
  });

  test('control path: one bad look is too many, but not one before the baseline', () => {
    const base = () => story().phase(1_000, 'baseline').broken(2_000).http('front', 0, 6_000, bad);
    expect(gateOf(base().http('control', 0, 6_000, (at) => at === 500).history(), 'control path')?.ruling).toBe('pass');
    expect(gateOf(base().http('control', 0, 6_000, (at) => at === 4_500).history(), 'control path')?.ruling).toBe('inconclusive');
    expect(gateOf(base().history(), 'control path')?.ruling).toBe('inconclusive');
    expect(gateOf(story({ probes: [watched('front', 'http', 'http')] }).phase(0, 'baseline').history(), 'control path')?.because).toContain('No control path');
  });

  test('instrument: blind time up to one percent only widens', () => {
    const blind = (to: number) => sound().entry({ kind: 'blind', at: 1_000, probe: null, place: 'outside', from: 1_000, to, why: 'no beat' }).history();
    expect(gateOf(blind(1_060), 'instrument')?.ruling).toBe('pass'); // 60 of 6000 ms
    expect(gateOf(blind(1_061), 'instrument')?.ruling).toBe('inconclusive');
  });

  test('instrument: ticks an agent missed, and looks that nobody told of', () => {
    const gap = (missed: number) => sound().entry({ kind: 'gap', at: 5_000, place: 'outside', missed, ticks: 1_000, jitterP99: 1, jitterMax: 5, stallMax: 5 }).history();
    expect(gateOf(gap(10), 'instrument')?.ruling).toBe('pass');
    expect(gateOf(gap(11), 'instrument')?.ruling).toBe('inconclusive');
    const holes = story().phase(0, 'baseline').broken(2_000).phase(6_000, 'quiesce').http('front', 0, 2_000).http('front', 2_400, 6_000).http('control', 0, 6_000).history();
    expect(gateOf(holes, 'instrument')).toMatchObject({ ruling: 'inconclusive', because: expect.stringContaining('6.7 %') }); // 4 of 60
    const twice = story().phase(0, 'baseline').broken(2_000).phase(6_000, 'quiesce').http('front', 0, 2_000).http('front', 0, 2_000).http('front', 2_400, 6_000).http('front', 2_400, 6_000).http('control', 0, 6_000).history();
    expect(gateOf(twice, 'instrument')).toMatchObject({ ruling: 'inconclusive', because: expect.stringContaining('6.7 %') }); // two looks a tick hide no tick
  });

  test('instrument: a stall as long as a look may take, while a look was bad', () => {
    const stall = (stallMax: number, at = 2_500) => sound().entry({ kind: 'gap', at, place: 'outside', missed: 0, ticks: 1_000, jitterP99: 1, jitterMax: 5, stallMax }).history();
    expect(gateOf(stall(99), 'instrument')?.ruling).toBe('pass');
    expect(gateOf(stall(100), 'instrument')?.ruling).toBe('inconclusive');
    expect(gateOf(stall(100, 1_500), 'instrument')?.ruling).toBe('pass'); // nothing was bad before 2000
  });

  test('impact: expected and not noticed is inconclusive; where none is expected it is fine', () => {
    const quiet = (impact: string | null) => story({ impact }).phase(0, 'baseline').broken(2_000, 5_000).phase(5_000, 'heal').phase(6_000, 'quiesce').http('front', 0, 6_000, (at) => at === 5_500).http('control', 0, 6_000).history();
    expect(gateOf(quiet('lose'), 'impact')?.ruling).toBe('inconclusive');
    expect(gateOf(quiet(null), 'impact')?.ruling).toBe('pass');
    expect(gateOf(sound().history(), 'impact')?.because).toContain('10 bad looks of front');
  });
});
