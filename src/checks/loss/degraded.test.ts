import { describe, expect, test } from '@jest/globals';
import { settingsSchema } from '../../topology.ts';
import type { AckState } from '../../seen.ts';
import { dataLoss } from '../data-loss.ts';
import { measureOf, story, watched } from '../fixture.ts';

const probes = [watched('w', 'ledger', 'write'), watched('primary', 'server', 'server', { place: 'here', everyMs: 500 })];
const said = (acks: AckState, waited: number, alone: number, upS = 100) => ({ server: '1', upS, acks, waited, alone, connections: 20, refused: 0, open: 20, most: 300 });

/** A write every 100 ms, number n acked by server 1 at 100 n + 10; the link goes at 1000, semi-sync gives up at 2000, the primary goes in [3000, 3050]. */
function degraded(look: (told: ReturnType<typeof story>) => ReturnType<typeof story>) {
  const told = story({ probes }).phase(0, 'baseline').broken(3_000, 5_000).phase(5_000, 'heal').phase(6_000, 'rejoin').phase(8_000, 'reconcile');
  for (let number = 1; number <= 9; number += 1) told.write(100 * number, 'w', number, 'acked');
  for (let number = 10; number <= 20; number += 1) told.write(100 * number, 'w', number, 'acked', { takes: 2_002 - 100 * number }); // they waited, and were let go together
  for (let number = 21; number <= 29; number += 1) told.write(100 * number, 'w', number, 'acked');
  told.mark(4_000, 'pilot', 'promoted', 'there');
  return look(told).census(5_100, 'here', { w: { numbers: [[1, 29]], counts: {} } }).census(8_100, 'there', { w: { numbers: [[1, 10]], counts: {} } }).history();
}
const seen = (told: ReturnType<typeof story>) => told.look(400, 'server', 'primary', said('in force', 3, 0)).look(1_200, 'server', 'primary', said('in force', 9, 0)).look(1_700, 'server', 'primary', said('in force', 9, 0))
  .look(2_200, 'server', 'primary', said('degraded', 9, 13)).look(2_700, 'server', 'primary', said('degraded', 9, 18)).look(3_200, 'server', 'primary', said('degraded', 9, 20)).look(3_700, 'server', 'primary', said('off', 9, 20));

describe('acknowledged while degraded', () => {
  test('counted apart, with those of them that are lost, and for how long: by hand', () => {
    const found = dataLoss.judge(degraded(seen), {});
    // Nothing had moved since the look at 1200: 13-29 began after it, all were committed by 3700, and none was waited for. 10-12 had been sent before.
    expect(measureOf(found, 'loss.degraded')).toMatchObject({ value: 20, low: 17, high: 20 });
    // 11-29 are lost: number 10 had reached the replica, whose word did not get back.
    expect(measureOf(found, 'loss.degraded.lost')).toMatchObject({ value: 19, low: 17, high: 19 });
    // Seen degraded from 2200 to 3210; it may have begun at 1700 and ended at 3710.
    expect(measureOf(found, 'loss.degraded.span')).toMatchObject({ value: 1.01, low: 0.99, high: 2.01, censored: false });
    expect(found.because).toContain('Semi-sync gave up waiting for 1.0 s: 20 of the acknowledged writes were on here alone when they were acknowledged, and 19 of them are lost.');
  });

  test('a server that dies while degraded: what it did after it was last seen may all have been so', () => {
    const dies = (told: ReturnType<typeof story>) => told.look(1_200, 'server', 'primary', said('in force', 9, 0)).look(2_200, 'server', 'primary', said('degraded', 9, 13)).look(4_700, 'server', 'primary', said('off', 0, 0, 1));
    const found = dataLoss.judge(degraded(dies), {});
    expect(measureOf(found, 'loss.degraded')).toMatchObject({ value: 20, low: 9, high: 20 }); // 13-21 surely, before the look at 2200
    expect(measureOf(found, 'loss.degraded.span').high).toBe(3.5); // from 1200 to 4700
  });

  test('a server that counts groups of commits: what it counted bounds nothing, and standing still still means that none was waited for', () => {
    const grouped = (told: ReturnType<typeof story>) => [[400, 'in force', 3, 0], [1_200, 'in force', 9, 0], [1_700, 'in force', 9, 0], [2_200, 'degraded', 9, 2], [2_700, 'degraded', 9, 7], [3_200, 'off', 9, 9]]
      .reduce((so, [at, acks, waited, alone]) => so.look(at as number, 'server', 'primary', { ...said(acks as AckState, waited as number, alone as number), grouped: true }), told);
    const found = dataLoss.judge(degraded(grouped), {});
    // 13-29 were sent after the look at 1200 and acknowledged before the one at 3200; 10-12 had been under way; no more than these and the last before can have been.
    expect(measureOf(found, 'loss.degraded')).toMatchObject({ value: 20, low: 17, high: 20 });
    expect(measureOf(found, 'loss.degraded.lost')).toMatchObject({ value: 19, low: 17, high: 19 });
  });

  test('in force whenever it was looked at, and by its counters between looks: none', () => {
    const found = dataLoss.judge(degraded((told) => told.look(400, 'server', 'primary', said('in force', 3, 0)).look(3_000, 'server', 'primary', said('in force', 29, 0))), {});
    expect(measureOf(found, 'loss.degraded')).toMatchObject({ value: 0, low: 0, high: 0 });
    expect(found.because).not.toContain('gave up');
    const between = dataLoss.judge(degraded((told) => told.look(400, 'server', 'primary', said('in force', 3, 0)).look(3_000, 'server', 'primary', said('in force', 27, 2))), {});
    expect(measureOf(between, 'loss.degraded')).toMatchObject({ value: 1, low: 1, high: 2 }); // 4-29 began after the first look, 24 were waited for
  });

  test('nobody asked, no answer, or nothing that could degrade: not a zero', () => {
    const reasonOf = (history: ReturnType<typeof degraded>) => measureOf(dataLoss.judge(history, {}), 'loss.degraded');
    const unasked = degraded((told) => told);
    expect(reasonOf({ ...unasked, run: { ...unasked.run, probes: probes.slice(0, 1) } })).toMatchObject({ value: null, reason: expect.stringContaining('with a probe of kind server') });
    expect(reasonOf(degraded((told) => told.look(400, 'server', 'primary', null, { ok: false, error: 'access denied' })))).toMatchObject({ value: null, reason: expect.stringContaining('access denied') });
    const plain = degraded(seen);
    expect(reasonOf({ ...plain, run: { ...plain.run, topology: { ...plain.run.topology, settings: settingsSchema.parse({ database: { replication: 'async' } }) } } })).toMatchObject({ value: null, reason: expect.stringContaining('asynchronous') });
  });
});
