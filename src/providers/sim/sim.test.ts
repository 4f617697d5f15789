import { describe, expect, jest, test } from '@jest/globals';
import type { World } from '../../world.ts';
import { black, has, never, tell, writesOf } from './story.fixture.ts';
import { topologyWith } from '../../../test/topology.ts';
import { spentMs } from '../../../test/spent.ts';

// For machines that are busy with other things: nothing here waits for real time.
jest.setTimeout(120_000);

const primary = 'ap-northeast-2';
const lose = (seconds: number) => async (world: World) => {
  await world.clock.sleep(20_000);
  await world.levers.cut?.({ place: primary }, 'rest', black, 600_000);
  await world.clock.sleep(seconds * 1_000);
};

describe('the simulated world', () => {
  test('the same run id gives the same entries, another gives others', async () => {
    const story = (id: string) => tell(topologyWith(), id, lose(60));
    const [one, same, other] = [await story('one'), await story('one'), await story('other')];
    expect(one.entries.length).toBeGreaterThan(9_000);
    expect(JSON.stringify(same)).toBe(JSON.stringify(one));
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(one));
  });

  test('ten minutes, watched by five probes a quarter second and two writers every 20 ms, cost seconds at most', async () => {
    let told = await tell(topologyWith(), 'short', async () => {});
    expect(await spentMs(async () => { told = await tell(topologyWith(), 'long', (world) => world.clock.sleep(600_000)); })).toBeLessThan(5_000);
    const { entries, endedAt } = told;
    expect(endedAt).toBeGreaterThanOrEqual(600_000);
    expect(entries.filter((entry) => entry.kind === 'sample' && entry.ok)).toHaveLength(2 * 30_000 + 5 * 2_400);
  });

  test('async: what the cut-off side acked after the cut is stranded there, and lost', async () => {
    const { entries, old, current } = await tell(topologyWith({ database: { replication: 'async' } }), 'async', lose(60));
    const lost = writesOf(entries, 'acked').filter((write) => !has(current, write));
    expect(lost.length).toBeGreaterThan(1_000);
    expect(lost.every((write) => has(old, write) && write.data?.op.startsWith('inside:') && write.ended > 20_000)).toBe(true);
    const [, , errantTo] = old.state.split('-').map(Number);
    const [, , commonTo] = (current.state.split(',')[0] ?? '').split('-').map(Number);
    expect((errantTo ?? 0) - (commonTo ?? 0)).toBe(lost.length);
    expect(writesOf(entries, 'refused').filter((write) => has(old, write) || has(current, write))).toHaveLength(0);
  });

  test('async, the replica cut off two seconds earlier: what was acked before the loss of the region is lost too', async () => {
    const { entries, current } = await tell(topologyWith({ database: { replication: 'async' } }), 'lagging', async (world) => {
      await world.clock.sleep(18_000);
      await world.levers.cut?.({ place: primary, part: 'database' }, { place: 'us-west-2', part: 'database' }, black, 600_000);
      await lose(60)({ ...world, clock: { ...world.clock, sleep: (ms) => world.clock.sleep(ms === 20_000 ? 2_000 : ms) } });
    });
    const lost = writesOf(entries, 'acked').filter((write) => !has(current, write));
    const before = lost.filter((write) => write.ended < 20_000).map((write) => write.data?.op.split(':')[0]);
    expect(new Set(before)).toEqual(new Set(['writer', 'inside']));
    expect(Math.min(...lost.map((write) => write.ended))).toBeLessThan(18_100);
  });

  test('semi-sync that never degrades loses nothing that was acked; what waited for its ack is errant and was told to nobody', async () => {
    const { entries, old, current } = await tell(topologyWith({ database: { degrade: 'never' } }), 'semi', async (world) => {
      await lose(60)(world);
    });
    expect(writesOf(entries, 'acked').filter((write) => !has(current, write))).toHaveLength(0);
    expect(writesOf(entries, 'acked').some((write) => write.started > 60_000 && has(current, write))).toBe(true);
    const waited = writesOf(entries, 'indeterminate').filter((write) => write.data?.op.startsWith('inside:'));
    expect(waited.length).toBeGreaterThan(0);
    expect(waited.some((write) => has(old, write))).toBe(false); // after-sync: not yet visible to readers
    expect(old.state).not.toBe(current.state.split(',')[0]);
  });

  test('semi-sync that degrades acks again, and loses what it acked', async () => {
    const { entries, current } = await tell(topologyWith({ database: { degrade: '2s' } }), 'degrades', lose(60));
    const lost = writesOf(entries, 'acked').filter((write) => !has(current, write));
    expect(lost.length).toBeGreaterThan(1_000);
    expect(Math.min(...lost.map((write) => write.ended))).toBeGreaterThan(21_900);
  });

  test('after-commit shows a row to readers before it is acked', async () => {
    const { entries, old } = await tell(topologyWith({ database: { degrade: 'never', waitPoint: 'after-commit' } }), 'after-commit', lose(20));
    expect(writesOf(entries, 'indeterminate').some((write) => has(old, write))).toBe(true);
  });

  test('one fact alone is not death: the pilot cut off, or the replica, and nothing fails over', async () => {
    const database = { place: primary, part: 'database' } as const;
    for (const other of [{ place: 'outside', part: 'pilot' }, { place: 'us-west-2', part: 'database' }] as const) {
      const { marks } = await tell(topologyWith({ database: { replication: 'async' } }), `half-${other.part}`, async (world) => {
        await world.clock.sleep(5_000);
        await world.levers.cut?.(database, other, black, 60_000);
        await world.clock.sleep(60_000);
      });
      expect(marks.filter(({ what }) => ['declared dead', 'promoted'].includes(what))).toEqual([]);
      expect(marks.some(({ what }) => what === 'suspected')).toBe(other.part === 'pilot');
    }
  });

  test.each(['local', 'primary'] as const)('a standby lost under semi-sync that never degrades stops all writes, and reads too where they share their pool (reads: %s)', async (reads) => {
    const { entries } = await tell(topologyWith({ database: { degrade: 'never' }, app: { reads } }), 'standby', async (world) => {
      await world.clock.sleep(10_000);
      const undo = await world.levers.kill?.('us-west-2', 'all', 60_000);
      await world.clock.sleep(20_000);
      await undo?.heal();
    });
    expect(writesOf(entries, 'acked').filter((write) => write.ended > 10_100 && write.ended < 30_000)).toHaveLength(0);
    const bad = entries.filter((entry) => entry.kind === 'sample' && entry.probe === 'front door' && !entry.ok);
    expect(bad.length > 0).toBe(reads === 'primary');
  });

  test('rejoin rebuilds what has errant rows, and fail-back loses nothing', async () => {
    const fast = { database: { replication: 'async', netTimeout: '2s' }, dns: { interval: '1s', threshold: 2, ttl: '2s', databaseTtl: '1s' } };
    const { entries, marks, old, current } = await tell(topologyWith(fast), 'whole', async (world) => {
      await world.clock.sleep(10_000);
      const undo = await world.levers.kill?.(primary, 'all', 600_000);
      await world.clock.sleep(30_000);
      await undo?.heal();
      await world.clock.sleep(10_000);
      expect((await world.operate('rejoin', never)).said).toContain('attached');
      expect(await world.inStep(never)).toMatchObject({ inStep: true });
      await world.operate('fail back', never);
      await world.clock.sleep(20_000);
    });
    expect(old.checksum).toBe(current.checksum);
    expect(writesOf(entries, 'acked').filter((write) => write.started > 12_000 && !has(old, write))).toHaveLength(0);
    const steps = marks.filter(({ who }) => who === 'pilot').map(({ what }) => what);
    expect(steps).toEqual(['suspected', 'declared dead', 'fence failed', 'stopped', 'drained', 'errant checked', 'promoted', 'verified', 'fenced', 'rejoined', 'verified', 'switched over']);
    const [last] = entries.filter((entry) => entry.kind === 'sample' && entry.probe === 'front door').slice(-1);
    expect(last?.kind === 'sample' && last.data !== null && 'servedBy' in last.data && last.data.servedBy).toBe(primary);
  });

  test.each(['latched', 'automatic'] as const)('a primary that is let go of before its checkers call it healthy is answered once they do (fail-back: %s)', async (failback) => {
    const { marks, entries, endedAt } = await tell(topologyWith({ dns: { ttl: '5s' }, failover: { failback } }), 'latch', async (world) => {
      await world.clock.sleep(10_000);
      const undo = await world.levers.cut?.({ place: primary }, 'rest', black, 600_000);
      await world.clock.sleep(50_000);
      await undo?.heal();
      await world.clock.sleep(5_000);
      await world.operate('rejoin', never);
      await world.operate('fail back', never);
      await world.clock.sleep(60_000);
    });
    const at = (what: string, subject: string) => marks.findLast((mark) => mark.what === what && mark.subject === subject)?.at ?? Number.NaN;
    expect(at('switched over', primary)).toBeLessThan(at('healthy', primary));
    expect(at('published', 'app.regionfall.test')).toBeGreaterThan(at('healthy', primary));
    const last = entries.findLast((entry) => entry.kind === 'sample' && entry.probe === 'front door' && entry.at > endedAt - 1_000);
    expect(last?.kind === 'sample' && last.data !== null && 'servedBy' in last.data && last.data.servedBy).toBe(primary);
  });

  // dns.md 1.4, "Derived model": 16 checkers, interval 10 s, threshold 3, from the fault to the verdict of the quorum, p50: 28.4 s for a refusal, and
  // 4 s more to connect into a black hole. A frozen app is connected to at once, and then has 2 s. At the latest 30 s and that, with phases spread at will.
  test.each([['a closed port', 'kill', 0], ['a black hole', 'cut', 4], ['a frozen app', 'freeze', 2]] as const)('health checks notice %s when the arithmetic says', async (_name, how, timeoutS) => {
    const tookS: number[] = [];
    for (let seed = 0; seed < 15; seed += 1) {
      const { marks } = await tell(topologyWith({ app: { health: 'shallow' } }), `seed ${seed}`, async (world) => {
        await world.clock.sleep(15_000);
        if (how === 'cut') await world.levers.cut?.({ place: primary }, 'rest', black, 300_000);
        else await world.levers[how]?.(primary, 'app', 300_000);
        await world.clock.sleep(60_000);
      }, []);
      const found = marks.find(({ what, subject }) => what === 'unhealthy' && subject === primary);
      tookS.push(((found?.at ?? Number.NaN) - 15_005) / 1_000 - timeoutS);
    }
    tookS.sort((a, b) => a - b);
    expect(tookS.at(-1)).toBeLessThan(30.1);
    expect(tookS[7]).toBeGreaterThan(27.4);
    expect(tookS[7]).toBeLessThan(29.4);
  });

  test('a strict resolver lets go of the old address within its TTL, a stretching one does not', async () => {
    const { entries, marks } = await tell(topologyWith({ dns: { ttl: '20s' } }), 'ttl', lose(120));
    const lastOld = (probe: string) => entries.findLast((entry) => entry.kind === 'sample' && entry.probe === probe && entry.data !== null && 'addresses' in entry.data && entry.data.addresses[0]?.startsWith('10.1.'))?.at ?? 0;
    const published = marks.find(({ what, subject }) => what === 'published' && subject === 'app.regionfall.test')?.at ?? Number.NaN;
    expect(lastOld('names@authority-1')).toBeLessThan(published);
    expect(lastOld('names@strict') - published).toBeLessThan(20_000);
    expect(lastOld('names@stretch')).toBeGreaterThan(139_000);
  });
});
