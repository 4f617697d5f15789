import { describe, expect, test } from '@jest/globals';
import { measureOf, story, watched } from './fixture.ts';
import { spread, type Details } from './spread.ts';

const { topology } = story().history().run;
const active = { ...topology, system: 'active-active', regions: [{ name: 'here', role: 'active' as const, weight: 60 }, { name: 'there', role: 'active' as const, weight: 40 }] };
const clients = ['a', 'b', 'c', 'd'].map((name) => watched(`front@${name}`, 'http', 'http', { params: { target: 'service', resolver: name } }));
const probes = [...clients, watched('names@authority-1', 'dns', 'dns', { params: { servers: ['authority-1'] } })];
const served = (probe: string, from: number, to: number, by: string, bad?: (at: number) => boolean) => (told: ReturnType<typeof story>) => told.http(probe, from, to, bad, by);

/** T0 in [2000, 2050], heal at 8000. a and b are at home in the region that goes, back at 4000 and 3000; c, elsewhere, is sent there for half a second; d sees nothing of it. */
function told() {
  const it = story({ topology: active, probes, client: { probes: clients.map(({ name }) => name), resolver: 'a' } }).phase(0, 'baseline').phase(2_000, 'break').broken(2_000, 8_000).phase(8_000, 'heal').phase(9_000, 'quiesce');
  for (let at = 0; at < 2_000; at += 200) it.dns(at, 'names@authority-1', 'authority-1', at % 1_000 === 0 ? '10.0.0.2' : '10.0.0.1');
  for (const write of [
    served('front@a', 0, 9_000, 'here', (at) => at >= 2_000 && at < 4_000), served('front@b', 0, 9_000, 'here', (at) => at >= 2_000 && at < 3_000),
    served('front@c', 0, 9_000, 'there', (at) => at >= 2_500 && at < 3_000), served('front@d', 0, 9_000, 'there'),
  ]) write(it);
  return it;
}

describe('spread', () => {
  test('who was hurt, by the region that served them, and until when: times by hand', () => {
    const found = spread.judge(told().history(), {});
    expect(found.ruling).toBe('measured');
    expect((found.details as Details).clients.map(({ probe, home, bad }) => [probe, home, bad])).toEqual([['front@a', 'here', 20], ['front@b', 'here', 10], ['front@c', 'there', 5], ['front@d', 'there', 0]]);
    expect(measureOf(found, 'spread.hurt')).toMatchObject({ value: 75, n: 4 });
    expect([measureOf(found, 'spread.hurt.left').value, measureOf(found, 'spread.hurt.taking').value]).toEqual([100, 50]);
    // The last of those at home there was served again by a look begun at 4000 and ended at 4010; its last bad one began at 3900.
    expect(measureOf(found, 'spread.rto.left')).toMatchObject({ value: 2, low: 1.85, high: 2.01 });
    expect(measureOf(found, 'spread.rto.taking')).toMatchObject({ value: 1, low: 0.85, high: 1.01, n: 1 });
    expect(measureOf(found, 'spread.answered')).toMatchObject({ value: 80, n: 10 }); // 2 of 10 answers were the other region
    expect(found.because).toContain('3 of 4 clients');
  });

  test('is judged by share and by time, and nobody hurt is in time', () => {
    expect(spread.judge(told().history(), { maxHurtPct: 80, max: 3_000 }).ruling).toBe('pass');
    expect(spread.judge(told().history(), { maxHurtPct: 50 }).ruling).toBe('fail');
    expect(spread.judge(told().history(), { max: 1_500 }).ruling).toBe('fail');
    const quiet = story({ topology: active, probes, client: { probes: ['front@d'], resolver: 'd' } }).phase(0, 'baseline').broken(2_000, 8_000).phase(8_000, 'heal').http('front@d', 0, 9_000, undefined, 'there');
    expect(spread.judge(quiet.history(), { maxHurtPct: 0, max: 1_000 }).ruling).toBe('pass');
  });

  test('without a proven fault nothing is known', () => {
    expect(spread.judge(story({ topology: active, probes }).phase(0, 'baseline').history(), { maxHurtPct: 100 }).ruling).toBe('inconclusive');
  });
});
