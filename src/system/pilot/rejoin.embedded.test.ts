import { afterEach, describe, expect, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotRun, clientOf, makeBed, type Bed, type Stand } from './testbed.ts';

const on = cannotRun ? describe.skip : describe;
let bed: Bed | undefined;
afterEach(async () => { await bed?.close(); bed = undefined; });

async function failedOver(settings: Record<string, unknown>, before: (bed: Bed) => Promise<void>): Promise<Bed> {
  bed = await makeBed(settings);
  expect(await bed.call('POST', '/arrange')).toMatchObject({ status: 200 });
  const client = await clientOf(bed.a.host, bed.port);
  for (let k = 1; k <= 20; k += 1) await client.ask('INSERT INTO shop.orders (number) VALUES (?)', [k]);
  client.end();
  await before(bed);
  await bed.line('verified', 'b');
  return bed;
}

async function sameRows(a: Stand, b: Stand): Promise<boolean> {
  await sleep(500);
  const sum = async (server: Stand) => (await server.sql('CHECKSUM TABLE shop.orders, shop.pilot')).map((row) => row['Checksum']).join();
  return (await sum(a)) === (await sum(b));
}

on(`rejoin${cannotRun ? ` (SKIPPED: ${cannotRun})` : ''}`, () => {
  test('a primary that has nothing of its own is attached, and commits wait for it again', async () => {
    const { a, b, call, port } = await failedOver({}, async ({ a: old }) => { old.signal('SIGKILL'); });
    expect(await call('POST', '/rejoin')).toMatchObject({ status: 409, body: { error: expect.stringContaining('must both answer') } });
    await a.start();
    expect(await call('POST', '/rejoin')).toMatchObject({ status: 200, body: { errant: 0, how: 'attached' } });
    expect((await b.sql('SELECT @@rpl_semi_sync_master_enabled AS acks'))[0]).toEqual({ acks: '1' });
    const client = await clientOf(b.host, port);
    await client.ask('INSERT INTO shop.orders (number) VALUES (21)');
    client.end();
    expect(await sameRows(a, b)).toBe(true);
    expect((await a.sql('SELECT COUNT(*) AS n FROM shop.orders'))[0]).toEqual({ n: '21' });
    expect(await call('POST', '/rejoin')).toMatchObject({ status: 409 });
  }, 90_000);

  test('errant writes are saved with their rows, then the region is rebuilt while the new primary goes on taking writes', async () => {
    const { a, b, call, port, line } = await failedOver({ mode: 'async' }, async ({ a: old }) => {
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
    expect(savedTo).toMatch(/errant-a-0-1-\d+\.\.\d+\.sql$/);
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
});
