import { afterEach, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { engines, titleOf, type Engine } from '../../../test/engines.ts';
import { clientOf, makeBed, type Bed, type Furnishing, type Stand } from './testbed-fixture.ts';

let bed: Bed | undefined;
afterEach(async () => { await bed?.close(); bed = undefined; });

async function failedOverOn(engine: Engine, settings: Record<string, unknown>, before: (bed: Bed) => Promise<void>, furnishing: Furnishing = {}): Promise<Bed> {
  bed = await makeBed(engine, settings, furnishing);
  expect(await bed.call('POST', '/arrange')).toMatchObject({ status: 200 });
  const client = await clientOf(bed.a.host, bed.port);
  for (let k = 1; k <= 20; k += 1) await client.ask('INSERT INTO shop.orders (number) VALUES (?)', [k]);
  client.end();
  // What the other side has not yet got when the link goes would be one more errant write.
  while ((await bed.b.sql('SELECT COUNT(*) AS n FROM shop.orders'))[0]?.['n'] !== '20') await sleep(20);
  await before(bed);
  await bed.line('verified', 'b');
  return bed;
}

async function sameRows(a: Stand, b: Stand): Promise<boolean> {
  await sleep(500);
  const sum = async (server: Stand) => (await server.sql('CHECKSUM TABLE shop.orders, shop.pilot')).map((row) => row['Checksum']).join();
  return (await sum(a)) === (await sum(b));
}

for (const engine of engines) (engine.cannotRun === null ? describe : describe.skip)(titleOf(engine, 'the way back in'), () => {
  describe('rejoin', () => {
    test('a primary that has nothing of its own is attached, and commits wait for it again', async () => {
      const { a, b, call, port, words } = await failedOverOn(engine, {}, async ({ a: old }) => { old.signal('SIGKILL'); });
      expect(await call('POST', '/rejoin')).toMatchObject({ status: 409, body: { error: expect.stringContaining('must both answer') } });
      await a.start();
      expect(await call('POST', '/rejoin')).toMatchObject({ status: 200, body: { errant: 0, how: 'attached' } });
      expect(await words.asksForAcks(b.sql)).toBe(true);
      const client = await clientOf(b.host, port);
      await client.ask('INSERT INTO shop.orders (number) VALUES (21)');
      client.end();
      expect(await sameRows(a, b)).toBe(true);
      expect((await a.sql('SELECT COUNT(*) AS n FROM shop.orders'))[0]).toEqual({ n: '21' });
      expect(await call('POST', '/rejoin')).toMatchObject({ status: 409 });
    }, 90_000);

    test('errant writes are saved with their rows, then the region is rebuilt while the new primary goes on taking writes', async () => {
      const { a, b, call, port, line, words } = await failedOverOn(engine, { mode: 'async' }, async ({ a: old }) => {
        old.cut('pilot');
        old.cut('replica');
        await sleep(100);
        const inside = await old.inside();
        for (let k = 1; k <= 7; k += 1) await inside.ask("INSERT INTO shop.orders (number, note) VALUES (?, ?)", [1_000 + k, `stranded ${k}`]);
        await old.sql('CREATE TABLE shop.only_here (n INT) ENGINE=InnoDB');
        inside.end();
      });
      a.heal();
      await line('fenced', 'a');
      const inside = await a.inside();
      await expect(inside.ask('INSERT INTO shop.orders (number) VALUES (2000)')).rejects.toThrow(/read-only/);
      inside.end();
      let writing = true;
      let written = 0;
      const client = await clientOf(b.host, port);
      const writer = (async () => { while (writing) { await client.ask('INSERT INTO shop.orders (number) VALUES (?)', [5_000 + written]); written += 1; await sleep(5); } })();
      const done = await call('POST', '/rejoin');
      writing = false;
      await writer;
      client.end();
      expect(done).toMatchObject({ status: 200, body: { errant: 8, how: 'rebuilt' } });
      expect(written).toBeGreaterThan(20);
      const savedTo = String(done.body['savedTo']);
      expect(savedTo).toMatch(words.savedTo);
      for (const path of [savedTo, `${savedTo}.txt`]) {
        expect(existsSync(path)).toBe(true);
        const text = readFileSync(path, 'utf8');
        for (let k = 1; k <= 7; k += 1) expect(text).toContain(`'stranded ${k}'`);
        expect(text).toContain('CREATE TABLE shop.only_here');
        expect(text).not.toMatch(/@2=20 /);
      }
      expect(readFileSync(savedTo, 'utf8')).toContain("BINLOG '");
      expect((await line('rejoined', 'a')).evidence).toMatchObject({ errant: 8, how: 'rebuilt', savedTo });
      expect(await sameRows(a, b)).toBe(true);
      expect((await a.sql("SELECT COUNT(*) AS n FROM shop.orders WHERE note LIKE 'stranded%'"))[0]).toEqual({ n: '0' });
      expect(await a.sql("SHOW TABLES IN shop LIKE 'only_here'")).toEqual([]);
      expect((await a.sql('SELECT @@read_only AS closed'))[0]).toEqual({ closed: '1' });
    }, 90_000);

    test('a primary whose missing transactions the new one has thrown away is rebuilt, though it has nothing of its own', async () => {
      const { a, b, call, port } = await failedOverOn(engine, { mode: 'async' }, async ({ a: old }) => { old.signal('SIGKILL'); });
      const client = await clientOf(b.host, port);
      await client.ask('INSERT INTO shop.orders (number) VALUES (21)');
      await b.sql('FLUSH BINARY LOGS');
      for (let logs = await b.sql('SHOW BINARY LOGS'); logs.length > 1; logs = await b.sql('SHOW BINARY LOGS')) {
        await b.sql(`PURGE BINARY LOGS TO '${logs.at(-1)?.['Log_name']}'`);
        await sleep(50); // MariaDB keeps a log until its commits are on disk
      }
      await client.ask('INSERT INTO shop.orders (number) VALUES (22)');
      client.end();
      await a.start();
      expect(await call('POST', '/rejoin')).toMatchObject({ status: 200, body: { errant: 0, how: 'rebuilt' } });
      expect(await sameRows(a, b)).toBe(true);
      expect((await a.sql('SELECT COUNT(*) AS n FROM shop.orders'))[0]).toEqual({ n: '22' });
    }, 90_000);
  });

  if (engine.name === 'mysql') describe('errant writes where MySQL`s own mysqlbinlog is missing', () => {
    const stranded = async ({ a }: Bed): Promise<void> => {
      a.cut('pilot');
      a.cut('replica');
      await sleep(100);
      const inside = await a.inside();
      await inside.ask("INSERT INTO shop.orders (number, note) VALUES (1001, 'stranded 1'), (1002, 'stranded 2')");
      await inside.ask("UPDATE shop.orders SET note = 'changed' WHERE number = 1002");
      inside.end();
      await a.sql('CREATE TABLE shop.only_here (n INT) ENGINE=InnoDB');
    };

    test('are saved as the statements that the server logs, in their order, and no others', async () => {
      const { a, b, call, line } = await failedOverOn(engine, { mode: 'async' }, stranded, { bare: true, options: ['--binlog-rows-query-log-events=ON'] });
      a.heal();
      await line('fenced', 'a');
      const done = await call('POST', '/rejoin');
      expect(done).toMatchObject({ status: 200, body: { errant: 3, how: 'rebuilt' } });
      const text = readFileSync(String(done.body['savedTo']), 'utf8');
      expect(text.split('\n').filter((each) => !each.startsWith('--') && each !== '')).toEqual([
        'USE `shop`;', "INSERT INTO shop.orders (number, note) VALUES (1001, 'stranded 1'), (1002, 'stranded 2');",
        'USE `shop`;', "UPDATE shop.orders SET note = 'changed' WHERE number = 1002;",
        'CREATE TABLE shop.only_here (n INT) ENGINE=InnoDB;',
      ]);
      expect(await sameRows(a, b)).toBe(true);
    }, 90_000);

    test('are not thrown away where the server logs no statements: refused, and nothing is changed', async () => {
      const { a, call, line } = await failedOverOn(engine, { mode: 'async' }, stranded, { bare: true });
      a.heal();
      await line('fenced', 'a');
      expect(await call('POST', '/rejoin')).toMatchObject({ status: 409, body: { error: expect.stringContaining('Put mysqlbinlog on the pilot\'s PATH') } });
      expect((await a.sql("SELECT COUNT(*) AS n FROM shop.orders WHERE number > 1000"))[0]).toEqual({ n: '2' });
      expect((await call('GET', '/state')).body).toMatchObject({ primary: 'b', expelled: 'a' });
    }, 90_000);
  });
});
