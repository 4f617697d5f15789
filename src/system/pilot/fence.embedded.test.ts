import { afterEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { engines, titleOf } from '../../../test/engines.ts';
import { makeBed, type Bed } from './testbed-fixture.ts';

let bed: Bed | undefined;
afterEach(async () => { await bed?.close(); bed = undefined; });

/** Clients inside the cut region that go on writing, each a row at a time, over new connections when the old one ends. */
function writeInside({ a }: Bed, writers: number): { acked: number[]; refused(): number; stop(): Promise<void> } {
  const acked: number[] = [];
  let going = true;
  let refused = 0;
  const run = async (writer: number) => {
    for (let k = 0; going;) {
      const session = await a.inside(60_000).catch(() => null);
      if (!session) { await sleep(20); continue; }
      try {
        for (; going; k += 1) {
          const number = (writer + 1) * 100_000 + k;
          await session.ask('INSERT INTO shop.orders (number) VALUES (?)', [number]);
          acked.push(number);
          await sleep(2);
        }
      } catch (error) {
        if (/read-only/.test((error as Error).message)) refused += 1;
        k += 1;
        await sleep(5);
      } finally {
        session.end();
      }
    }
  };
  const all = Array.from({ length: writers }, (_, writer) => run(writer));
  return { acked, refused: () => refused, async stop() { going = false; await Promise.all(all); } };
}

for (const engine of engines) (engine.cannotRun === null ? describe : describe.skip)(titleOf(engine, 'fencing'), () => {
  describe('fencing an old primary whose commits wait for an ack', () => {
    test.each(['after-sync', 'after-commit'])('%s: no client gets an ack for a commit that only the old primary has, and none can write afterwards', async (waitPoint) => {
      bed = await makeBed(engine, { waitPoint });
      const { a, b, line, call, words } = bed;
      expect(await call('POST', '/arrange')).toMatchObject({ status: 200 });
      const writers = writeInside(bed, 8);
      await sleep(500);
      a.cut('replica');
      a.cut('pilot');
      await line('verified', 'b');
      const before = writers.acked.length;
      expect(before).toBeGreaterThan(20);
      const hanging = await a.sql(`SELECT COUNT(*) AS n FROM information_schema.processlist WHERE user = 'app' AND ${words.waits}`);
      expect(Number(hanging[0]?.['n'])).toBe(8);
      a.heal();
      expect((await line('fenced', 'a')).evidence).toMatchObject({ wasWritable: true });
      await sleep(500);
      expect(writers.refused()).toBeGreaterThan(0);
      expect((await a.sql('SELECT @@read_only AS closed'))[0]).toEqual({ closed: '1' });
      await writers.stop();
      const kept = new Set((await b.sql('SELECT number FROM shop.orders')).map((row) => Number(row['number'])));
      const stranded = Number((await a.sql('SELECT COUNT(*) AS n FROM shop.orders'))[0]?.['n']) - kept.size;
      expect(stranded).toBeGreaterThan(0); // else nothing was hanging, and this test proved nothing
      expect(writers.acked.filter((number) => !kept.has(number))).toEqual([]);
      expect(writers.acked.length).toBe(before);
      expect(await call('POST', '/rejoin')).toMatchObject({ status: 200, body: { how: 'rebuilt', errant: stranded } });
      expect(await call('POST', '/fail-back')).toMatchObject({ status: 200 });
      const sums = await Promise.all([a, b].map((server) => server.sql('CHECKSUM TABLE shop.orders')));
      expect(sums[0]?.[0]?.['Checksum']).toBe(sums[1]?.[0]?.['Checksum']);
    }, 90_000);
  });
});
