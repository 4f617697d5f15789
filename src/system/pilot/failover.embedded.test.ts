import { afterEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { engines, titleOf, type Engine } from '../../../test/engines.ts';
import { clientOf, makeArranged, type Bed } from './testbed-fixture.ts';

let bed: Bed | undefined;
afterEach(async () => { await bed?.close(); bed = undefined; });
const arrangedOn = async (engine: Engine, settings: Record<string, unknown>): Promise<Bed> => (bed = await makeArranged(engine, settings));
const value = async (rows: Promise<readonly Readonly<Record<string, string | null>>[]>) => Object.values((await rows)[0] ?? {})[0];

for (const engine of engines) (engine.cannotRun === null ? describe : describe.skip)(titleOf(engine, 'failing over'), () => {
  const arranged = (settings: Record<string, unknown> = {}) => arrangedOn(engine, settings);

  describe('arranging two real servers', () => {
    test('async: the standby follows and refuses writes, nothing waits for acks, the name is published', async () => {
      const { a, b, port, told, words } = await arranged({ mode: 'async' });
      const client = await clientOf(a.host, port);
      await client.ask("INSERT INTO shop.orders (number, note) VALUES (1, 'one')");
      client.end();
      const there = await clientOf(b.host, port);
      await expect(there.ask("INSERT INTO shop.orders (number, note) VALUES (2, 'two')")).rejects.toThrow(/read-only/);
      there.end();
      await sleep(300);
      expect(await value(b.sql('SELECT COUNT(*) FROM shop.orders'))).toBe('1');
      expect(await words.asksForAcks(a.sql)).toBe(false);
      expect(told).toEqual([{ asked: 'PUT /names/database', body: { addresses: ['127.0.0.11'] } }]);
    }, 60_000);

    test('semi-sync: a commit is acked only with the replica there, and a restarted standby is told again to acknowledge', async () => {
      const { a, b, port, line, words } = await arranged();
      expect(await words.ackers(a.sql)).toBe(1);
      const client = await clientOf(a.host, port, 30_000);
      await client.ask("INSERT INTO shop.orders (number) VALUES (1)");
      b.signal('SIGKILL');
      await sleep(200);
      let acked = false;
      const hanging = client.ask('INSERT INTO shop.orders (number) VALUES (2)').then(() => { acked = true; });
      await sleep(1_500);
      expect(acked).toBe(false);
      await b.start();
      await line('upheld');
      await hanging;
      expect(await words.givesAcks(b.sql)).toBe(true);
      client.end();
    }, 60_000);

    test('a primary that restarts read-only is opened again, but only once commits wait for the replica', async () => {
      const { a, port, line, words } = await arranged({ misses: 30 }); // no failover in between, however long the start takes
      a.signal('SIGKILL');
      await sleep(100);
      await a.start();
      expect((await line('upheld', 'a')).evidence['did']).toContain('commits wait for the replica');
      await sleep(1_000);
      const client = await clientOf(a.host, port);
      await client.ask('INSERT INTO shop.orders (number) VALUES (1)');
      client.end();
      expect(await words.acked(a.sql)).toBeGreaterThan(0);
    }, 60_000);
  });

  describe('commits that wait', () => {
    test('go on waiting while the replica may not have them, however often the pilot looks, and are acked when it has', async () => {
      const { a, b, lines } = await arranged();
      a.cut('replica');
      await sleep(200);
      const inside = await a.inside();
      let acked = 0;
      const hanging = [1, 2].map(async (number) => {
        const session = await a.inside();
        await session.ask('INSERT INTO shop.orders (number) VALUES (?)', [number]).then(() => { acked += 1; }).finally(() => session.end());
      });
      await sleep(4_000); // a dozen looks
      expect(acked).toBe(0);
      expect((await inside.ask('SELECT number FROM shop.orders')).length).toBe(0); // after-sync: nobody reads what may yet be lost
      inside.end();
      expect(lines.filter((one) => JSON.stringify(one.evidence).includes('went on'))).toEqual([]);
      a.heal();
      await Promise.all(hanging);
      await sleep(500); // acked when received, applied a moment later
      expect(await value(b.sql('SELECT COUNT(*) FROM shop.orders'))).toBe('2');
    }, 60_000);

    test('and whose acknowledgement was lost on the way go on once the replica is seen to have them', async () => {
      const { a, b, port, words } = await arranged();
      const client = await clientOf(a.host, port, 20_000);
      for (const text of words.stopAcking) await b.sql(text);
      await client.ask('INSERT INTO shop.orders (number) VALUES (1)');
      client.end();
      await sleep(1_000);
      expect(await value(b.sql('SELECT COUNT(*) FROM shop.orders'))).toBe('1');
      expect([await words.asksForAcks(a.sql), await words.givesAcks(b.sql), await words.ackers(a.sql)]).toEqual([true, true, 1]);
    }, 60_000);
  });

  describe('a dead primary', () => {
    test('is failed over from, with everything received applied first, in the order of the steps', async () => {
      const { a, b, port, line, lines, told, words } = await arranged();
      await b.sql(words.stopApplying); // received but not applied: must be drained, not thrown away
      const client = await clientOf(a.host, port);
      for (let k = 1; k <= 50; k += 1) await client.ask('INSERT INTO shop.orders (number) VALUES (?)', [k]);
      a.signal('SIGKILL');
      expect((await line('gave up')).evidence['because']).toMatch(/does not apply what it receives/);
      expect(lines.filter((one) => one.what === 'promoted')).toEqual([]);
      await b.sql(words.startApplying);
      await line('verified', 'b');
      const said = lines.map((one) => one.what).filter((what) => ['suspected', 'declared dead', 'stopped', 'drained', 'errant checked', 'promoted', 'verified'].includes(what));
      expect(said).toEqual(['suspected', 'declared dead', 'stopped', 'drained', 'errant checked', 'promoted', 'verified']);
      expect(lines.find((one) => one.what === 'declared dead')?.evidence).toMatchObject({ primary: { misses: 3 }, replica: { receiving: false } });
      await line('fence failed', 'a');
      expect(await value(b.sql('SELECT COUNT(DISTINCT number) FROM shop.orders'))).toBe('50');
      expect(told.at(-1)).toEqual({ asked: 'PUT /names/database', body: { addresses: ['127.0.0.12'] } });
      const there = await clientOf(b.host, port);
      await there.ask('INSERT INTO shop.orders (number) VALUES (51)'); // would hang if it waited for a replica
      there.end();
    }, 60_000);

    test('frozen: seen within misses and netTimeout all the same', async () => {
      const { a, line } = await arranged();
      const at = performance.now();
      a.signal('SIGSTOP');
      await line('verified', 'b');
      expect(performance.now() - at).toBeLessThan(8_000);
    }, 60_000);

    test('a candidate with transactions of its own is refused', async () => {
      const { a, b, line, lines, call, words } = await arranged();
      await b.sql(words.letAdminWrite);
      await b.sql("INSERT INTO shop.orders (number, note) VALUES (99, 'stray')");
      a.signal('SIGKILL');
      expect((await line('gave up')).evidence['because']).toMatch(words.stray);
      await sleep(1_500);
      expect((await call('GET', '/state')).body).toMatchObject({ primary: 'a', expelled: null });
      expect(await value(b.sql('SELECT @@read_only'))).toBe('1');
      expect(lines.filter((one) => one.what === 'gave up')).toHaveLength(1);
    }, 60_000);
  });

  describe('a candidate that cannot take over', () => {
    test('is empty', async () => {
      const { a, b, line, words } = await arranged({ mode: 'async' });
      for (const text of words.empty) await b.sql(text);
      a.signal('SIGKILL');
      await b.sql(words.startApplying);
      expect((await line('gave up')).evidence['because']).toMatch(/b is empty/);
    }, 60_000);

    test('cannot be reached', async () => {
      const { a, b, line, lines } = await arranged({ mode: 'async' });
      b.signal('SIGKILL');
      a.signal('SIGKILL');
      expect((await line('gave up')).evidence['because']).toMatch(/the replica cannot be reached/);
      expect(lines.some((one) => one.what === 'declared dead')).toBe(false);
    }, 60_000);

    test('restarted after the primary died: promoted only with everything it had received before, and never where its engine throws that away', async () => {
      const { a, b, port, line, lines, words } = await arranged({ mode: 'async' });
      const lock = await b.inside();
      await lock.ask('LOCK TABLES shop.orders READ');
      const client = await clientOf(a.host, port);
      for (let k = 1; k <= 20; k += 1) await client.ask('INSERT INTO shop.orders (number) VALUES (?)', [k]);
      await sleep(700); // two looks
      a.signal('SIGKILL');
      b.signal('SIGKILL');
      lock.end();
      await sleep(100);
      await b.start();
      await line('declared dead');
      if (words.keepsWhatItReceived) {
        await line('verified', 'b');
        expect(await value(b.sql('SELECT COUNT(DISTINCT number) FROM shop.orders'))).toBe('20');
        return;
      }
      await sleep(3_000);
      expect(lines.filter((one) => one.what === 'gave up').map((one) => one.evidence['because']).at(-1)).toMatch(words.held);
      expect(lines.some((one) => one.what === 'promoted')).toBe(false);
    }, 60_000);

    test('restarted after it was stopped: promoted only with what it held then', async () => {
      const { a, b, port, line, lines, words } = await arranged({ drainTimeoutMs: 500 });
      const lock = await b.inside();
      await lock.ask('LOCK TABLES shop.orders READ'); // the applier waits behind it
      const client = await clientOf(a.host, port);
      for (let k = 1; k <= 20; k += 1) await client.ask('INSERT INTO shop.orders (number) VALUES (?)', [k]);
      a.signal('SIGKILL');
      expect((await line('gave up')).evidence['because']).toMatch(/has not applied what it received/);
      lock.end();
      b.signal('SIGKILL');
      await sleep(100);
      await b.start();
      if (words.keepsWhatItReceived) {
        await line('verified', 'b');
        expect(await value(b.sql('SELECT COUNT(DISTINCT number) FROM shop.orders'))).toBe('20');
        return;
      }
      await sleep(4_000);
      expect(lines.some((one) => one.what === 'promoted')).toBe(false);
    }, 60_000);
  });

  describe('one fact of two is not death', () => {
    test('the pilot is cut off from the primary, the replica is not: no failover; and it clears', async () => {
      const { a, b, line, lines } = await arranged();
      a.cut('pilot');
      await line('suspected', 'a');
      await sleep(4_000);
      expect(lines.some((one) => one.what === 'declared dead')).toBe(false);
      expect(await value(b.sql('SELECT @@read_only'))).toBe('1');
      a.heal();
      await line('cleared', 'a');
    }, 60_000);

    test('the replica is cut off from the primary, the pilot is not: no failover', async () => {
      const { a, lines } = await arranged();
      a.cut('replica');
      await sleep(5_000);
      expect(lines.filter((one) => ['suspected', 'declared dead', 'promoted'].includes(one.what))).toEqual([]);
    }, 60_000);
  });
});
