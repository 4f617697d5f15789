import { describe, expect, test } from '@jest/globals';
import { connections } from './connections.ts';
import { connectionsDetails } from '../report/details.ts';
import { measureOf, story, watched } from './fixture.ts';

const probes = [watched('here', 'server', 'server', { place: 'here', everyMs: 500 }), watched('there', 'server', 'server', { place: 'there', everyMs: 500 }), watched('kept', 'http', 'http', { everyMs: 500, params: { connections: 'reused' } })];
const said = (server: string, upS: number, connectionsSoFar: number, more: { refused?: number; open?: number } = {}) => ({ server, upS, acks: 'off', waited: 0, alone: 0, connections: connectionsSoFar, refused: 0, open: 20, most: 40, ...more } as const);

/** Both servers asked every 500 ms and answering in no time; `there` is asked for 1 a second, then for 60 and 30 within the second from 5000 on. Broken from 3000 to 8000. */
function storm() {
  const told = story({ probes }).phase(0, 'baseline').broken(3_000, 8_000).phase(8_000, 'heal').phase(12_000, 'quiesce');
  const count = (at: number) => 100 + Math.floor(at / 1_000) + (at >= 5_500 ? 60 : 0) + (at >= 6_000 ? 30 : 0);
  for (let at = 0; at <= 11_500; at += 500) {
    told.look(at, 'server', 'there', said('2', 100 + Math.floor(at / 1_000), count(at), at >= 5_500 ? { refused: 7, open: 40 } : {}), { takes: 0 });
    if (at < 3_000) told.look(at, 'server', 'here', said('1', 500, 200), { takes: 0 });
  }
  return told;
}

describe('new connections', () => {
  test('before the break, and in the worst second of it: by hand', () => {
    const found = connections.judge(storm().history(), { maxPeak: 50, maxRefused: 7 });
    expect(measureOf(found, 'connections.baseline')).toMatchObject({ value: 1, unit: 'a second' });
    expect(measureOf(found, 'connections.peak').value).toBe(91); // from 5000 to 6000: 60 + 30, and its usual one
    expect(measureOf(found, 'connections.factor').value).toBe(91);
    expect(measureOf(found, 'connections.heal.peak').value).toBe(1);
    expect([measureOf(found, 'connections.refused').value, measureOf(found, 'connections.most').value]).toEqual([7, 40]);
    expect(found.ruling).toBe('fail');
    expect(found.because).toContain('2.0 s after it began (91 times as many)');
    expect(found.because).toContain('Refused, because a server takes 300 at a time: 7 in there.');
    expect(connections.judge(storm().history(), { maxPeak: 100, maxRefused: 7 }).ruling).toBe('pass');
  });

  test('a server that was restarted: what it was asked for since, over the time that it has been up', () => {
    const told = storm().look(8_500, 'server', 'here', said('1', 2, 50), { takes: 0 }).look(9_000, 'server', 'here', said('1', 2, 50), { takes: 0 }).look(9_500, 'server', 'here', said('1', 3, 51), { takes: 0 }).look(10_000, 'server', 'here', said('1', 3, 51), { takes: 0 });
    const found = connections.judge(told.history(), {});
    // Up since 5500 to 6500: 50 in the 2 or 3 s to the look at 8500, and, for all that was seen, all of them in one, with the next one.
    expect(measureOf(found, 'connections.heal.peak')).toMatchObject({ value: 16.7, high: 51 });
  });

  test('a server that was restarted in the break: what it was asked for just before, nobody counted', () => {
    const told = storm().look(6_400, 'server', 'here', said('1', 0, 4), { takes: 0 }).look(7_400, 'server', 'here', said('1', 1, 5, { refused: 2 }), { takes: 0 });
    const found = connections.judge(told.history(), { maxPeak: 500, maxRefused: 100 });
    expect(measureOf(found, 'connections.refused')).toMatchObject({ value: 9, low: 9, high: null });
    // The other one had the higher peak of those that were seen; nobody knows which was the highest.
    expect(measureOf(found, 'connections.peak')).toMatchObject({ value: 91, high: null });
    expect(found.ruling).toBe('inconclusive');
    expect(connectionsDetails({ ...found, check: 'storm', kind: 'connections' }).peaks?.map(({ region, broken }) => [region, broken?.high === null])).toEqual([['there', false], ['here', true]]);
  });

  test('the front door: looks of a client that keeps its connections, and had to make new ones', () => {
    const told = storm();
    for (let at = 0; at < 11_000; at += 500) told.look(at, 'http', 'kept', { status: 200, servedBy: 'here', connection: at === 0 || (at >= 5_000 && at < 6_500) ? 'new' : 'reused', address: '10.0.0.1' });
    const found = connections.judge(told.history(), {});
    expect(measureOf(found, 'connections.doors.peak').value).toBe(2);
    expect(measureOf(connections.judge(story({ probes: probes.slice(0, 2) }).broken(3_000).history(), {}), 'connections.doors.peak').value).toBeNull();
  });

  test('the front door: what was answered badly on a kept connection made none; what failed before it saw anything may have', () => {
    const bad = (data: object | null) => {
      const told = storm();
      for (let at = 0; at < 11_000; at += 500) told.look(at, 'http', 'kept', (at >= 5_000 && at < 6_500 ? data : { status: 200, servedBy: 'here', connection: 'reused', address: '10.0.0.1' }) as never, { ok: at < 5_000 || at >= 6_500 });
      return measureOf(connections.judge(told.history(), {}), 'connections.doors.peak');
    };
    expect(bad({ status: 503, servedBy: 'here', connection: 'reused', address: '10.0.0.1' })).toMatchObject({ value: 0, low: 0, high: 0 });
    expect(bad({ status: 503, servedBy: 'here', connection: 'new', address: '10.0.0.1' })).toMatchObject({ value: 2, low: expect.any(Number), high: 3 });
    expect(bad(null)).toMatchObject({ value: 0, low: 0, high: 3 });
  });

  test('nobody asked, or nothing broken: not a zero', () => {
    const unasked = story({ probes: probes.slice(2) }).phase(0, 'baseline').broken(3_000, 8_000).history();
    expect(measureOf(connections.judge(unasked, {}), 'connections.peak')).toMatchObject({ value: null, reason: expect.stringContaining('with a probe of kind server') });
    expect(connections.judge(unasked, { maxPeak: 10 }).ruling).toBe('inconclusive');
    expect(measureOf(connections.judge(story({ probes }).phase(0, 'baseline').history(), {}), 'connections.refused').reason).toContain('no fault was proven');
  });
});
