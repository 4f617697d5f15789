import { afterEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Session } from './connect.ts';
import { engines, titleOf } from '../../../test/engines.ts';
import { clientOf, makeBed, type Bed } from './testbed-fixture.ts';

let bed: Bed | undefined;
afterEach(async () => { await bed?.close(); bed = undefined; });

/** A client that writes wherever the name points, anew after every error, and remembers what was acked and the longest time without an ack. */
function writeByName({ told, port }: Bed): { acked: number[]; longestMs(): number; stop(): Promise<void> } {
  const acked: number[] = [];
  let going = true;
  let longestMs = 0;
  let last = performance.now();
  const run = async () => {
    let session: Session | null = null;
    for (let number = 10_000; going; number += 1) {
      try {
        const named = told.filter((one) => one.asked === 'PUT /names/database').at(-1)?.body['addresses'] as string[];
        session ??= await clientOf(named[0] ?? '', port);
        await session.ask('INSERT INTO shop.orders (number) VALUES (?)', [number]);
        acked.push(number);
        longestMs = Math.max(longestMs, performance.now() - last);
        last = performance.now();
      } catch {
        session?.end();
        session = null;
        await sleep(5);
      }
      await sleep(2);
    }
    session?.end();
  };
  const done = run();
  return { acked, longestMs: () => longestMs, async stop() { going = false; await done; } };
}

for (const engine of engines) (engine.cannotRun === null ? describe : describe.skip)(titleOf(engine, 'the way back'), () => {
  describe('fail back', () => {
    test.each(['semi-sync', 'async'])('%s: with a writer running, nothing acked is lost, the pause is short, and commits wait for the other region afterwards', async (mode) => {
      bed = await makeBed(engine, { mode });
      const { a, b, call, line, lines, told, words } = bed;
      expect(await call('POST', '/arrange')).toMatchObject({ status: 200 });
      expect(await call('POST', '/fail-back')).toMatchObject({ status: 409, body: { error: expect.stringContaining('is the primary already') } });
      expect(await call('POST', '/switch-over')).toMatchObject({ status: 200, body: { said: expect.stringContaining('b is the primary now') } });
      expect(await call('POST', '/switch-over')).toMatchObject({ status: 409, body: { error: expect.stringContaining('is the primary already') } });
      expect(await call('POST', '/fail-back')).toMatchObject({ status: 200 });
      lines.length = 0;
      a.signal('SIGKILL');
      await line('verified', 'b');
      expect(await call('POST', '/fail-back')).toMatchObject({ status: 409, body: { error: expect.stringContaining('POST /rejoin') } });
      await a.start();
      expect(await call('POST', '/rejoin')).toMatchObject({ status: 200 });
      const writer = writeByName(bed);
      const many = async (count: number) => { for (let tries = 0; tries < 300 && writer.acked.length <= count; tries += 1) await sleep(100); };
      await many(50);
      const before = writer.acked.length;
      const done = await call('POST', '/fail-back');
      expect(done).toMatchObject({ status: 200 });
      await many(before + 50);
      await writer.stop();
      process.stdout.write(`${mode}: writes refused for ${Number(done.body['pauseMs']).toFixed(1)} ms; longest time without an ack as the client saw it ${writer.longestMs().toFixed(1)} ms; ${writer.acked.length} acked\n`);
      expect(before).toBeGreaterThan(50);
      expect(writer.acked.length).toBeGreaterThan(before + 50);
      const kept = new Set((await a.sql('SELECT number FROM shop.orders')).map((row) => Number(row['number'])));
      expect(writer.acked.filter((number) => !kept.has(number))).toEqual([]);
      expect(Number(done.body['pauseMs'])).toBeLessThan(5_000);
      expect((await line('switched over', 'a')).evidence).toMatchObject({ pauseMs: done.body['pauseMs'] });
      expect(told.slice(-3)).toEqual([
        { asked: 'PUT /names/database', body: { addresses: ['127.0.0.11'] } },
        { asked: 'POST /primary', body: { region: 'a' } },
        { asked: 'POST /latch', body: { region: 'a', held: false } },
      ]);
      expect(await words.asksForAcks(a.sql)).toBe(mode !== 'async');
      expect((await b.sql('SELECT @@read_only AS closed'))[0]).toEqual({ closed: '1' });
      await sleep(300);
      const sums = await Promise.all([a, b].map((server) => server.sql('CHECKSUM TABLE shop.orders')));
      expect(sums[0]?.[0]?.['Checksum']).toBe(sums[1]?.[0]?.['Checksum']);
    }, 90_000);

    test('a target that does not keep up: refused, and writes go on where they were', async () => {
      bed = await makeBed(engine, { mode: 'async' });
      const { a, b, call, line, port, words } = bed;
      expect(await call('POST', '/arrange')).toMatchObject({ status: 200 });
      a.signal('SIGKILL');
      await line('verified', 'b');
      await a.start();
      expect(await call('POST', '/rejoin')).toMatchObject({ status: 200 });
      await a.sql(words.stopApplying);
      expect(await call('POST', '/fail-back')).toMatchObject({ status: 409, body: { error: expect.stringContaining('not replicating') } });
      const client = await clientOf(b.host, port);
      await client.ask('INSERT INTO shop.orders (number) VALUES (1)');
      client.end();
      expect((await call('GET', '/state')).body).toMatchObject({ primary: 'b', replica: 'a', busy: null });
    }, 90_000);

    test('a second failover and the way back again, with roles changed before', async () => {
      bed = await makeBed(engine);
      const { a, b, call, line, lines, words } = bed;
      expect(await call('POST', '/arrange')).toMatchObject({ status: 200 });
      for (const round of [1, 2]) {
        lines.length = 0;
        a.signal('SIGKILL');
        await line('verified', 'b');
        await a.start();
        expect([round, await call('POST', '/rejoin')]).toMatchObject([round, { status: 200, body: { errant: 0, how: 'attached' } }]);
        expect([round, await call('POST', '/fail-back')]).toMatchObject([round, { status: 200 }]);
      }
      expect(await words.follows(b.sql)).toEqual([true, true]);
    }, 90_000);

    test('roles that changed twice between two looks: what was known of the primary before is not held against the standby', async () => {
      bed = await makeBed(engine, { observeMs: 8_000, misses: 1 });
      const { a, call, line, lines } = bed;
      expect(await call('POST', '/arrange')).toMatchObject({ status: 200 });
      for (const round of [1, 2]) {
        lines.length = 0;
        a.signal('SIGKILL');
        expect([round, (await line('verified', 'b', 30_000)).who]).toEqual([round, 'pilot']);
        if (round === 2) break;
        await a.start();
        expect(await call('POST', '/rejoin')).toMatchObject({ status: 200 });
        expect(await call('POST', '/fail-back')).toMatchObject({ status: 200 });
      }
    }, 90_000);
  });
});
