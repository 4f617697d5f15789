import { afterEach, describe, expect, test } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { cannotRun, clientOf, makeBed, type Bed } from './testbed.ts';

const on = cannotRun ? describe.skip : describe;
let bed: Bed | undefined;
afterEach(async () => { await bed?.close(); bed = undefined; });
async function arranged(settings: Record<string, unknown> = {}): Promise<Bed> {
  bed = await makeBed(settings);
  const done = await bed.call('POST', '/arrange');
  expect(done).toMatchObject({ status: 200 });
  return bed;
}
const value = async (rows: Promise<readonly Readonly<Record<string, string | null>>[]>) => Object.values((await rows)[0] ?? {})[0];

on(`arranging two real servers${cannotRun ? ` (SKIPPED: ${cannotRun})` : ''}`, () => {
  test('async: the standby follows and refuses writes, nothing waits for acks, the name is published', async () => {
    const { a, b, port, told } = await arranged({ mode: 'async' });
    const client = await clientOf(a.host, port);
    await client.ask("INSERT INTO shop.orders (number, note) VALUES (1, 'one')");
    client.end();
    const there = await clientOf(b.host, port);
    await expect(there.ask("INSERT INTO shop.orders (number, note) VALUES (2, 'two')")).rejects.toThrow(/read-only/);
    there.end();
    await sleep(300);
    expect(await value(b.sql('SELECT COUNT(*) FROM shop.orders'))).toBe('1');
    expect(await value(a.sql('SELECT @@rpl_semi_sync_master_enabled'))).toBe('0');
    expect(told).toEqual([{ asked: 'PUT /names/database', body: { addresses: ['127.0.0.11'] } }]);
  }, 60_000);

  test('semi-sync: a commit is acked only with the replica there, and a restarted standby is told again to acknowledge', async () => {
    const { a, b, port, line } = await arranged();
    expect(await value(a.sql("SHOW STATUS LIKE 'Rpl_semi_sync_master_clients'").then((rows) => [{ n: rows[0]?.['Value'] ?? null }]))).toBe('1');
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
    expect(await value(b.sql('SELECT @@rpl_semi_sync_slave_enabled'))).toBe('1');
    client.end();
  }, 60_000);

  test('a primary that restarts read-only is opened again, but only once commits wait for the replica', async () => {
    const { a, port, line } = await arranged();
    a.signal('SIGKILL');
    await sleep(100);
    await a.start();
    expect((await line('upheld', 'a')).evidence['did']).toContain('commits wait for the replica');
    await sleep(1_000);
    const client = await clientOf(a.host, port);
    await client.ask('INSERT INTO shop.orders (number) VALUES (1)');
    client.end();
    expect(await value(a.sql("SHOW STATUS LIKE 'Rpl_semi_sync_master_yes_tx'").then((rows) => [{ n: rows[0]?.['Value'] ?? null }]))).not.toBe('0');
  }, 60_000);
});

on('a dead primary', () => {
  test('is failed over from, with everything received applied first, in the order of the steps', async () => {
    const { a, b, port, line, lines, told } = await arranged();
    await b.sql('STOP SLAVE SQL_THREAD'); // received but not applied: must be drained, not thrown away
    const client = await clientOf(a.host, port);
    for (let k = 1; k <= 50; k += 1) await client.ask('INSERT INTO shop.orders (number) VALUES (?)', [k]);
    a.signal('SIGKILL');
    expect((await line('gave up')).evidence['because']).toMatch(/does not apply what it receives/);
    expect(lines.filter((one) => one.what === 'promoted')).toEqual([]);
    await b.sql('START SLAVE SQL_THREAD');
    await line('verified', 'b');
    const words = lines.map((one) => one.what).filter((what) => ['suspected', 'declared dead', 'stopped', 'drained', 'errant checked', 'promoted', 'verified'].includes(what));
    expect(words).toEqual(['suspected', 'declared dead', 'stopped', 'drained', 'errant checked', 'promoted', 'verified']);
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
    const { a, b, line, lines, call } = await arranged();
    await b.sql("INSERT INTO shop.orders (number, note) VALUES (99, 'stray')");
    a.signal('SIGKILL');
    expect((await line('gave up')).evidence['because']).toMatch(/never came from the primary \(up to 0-2-/);
    await sleep(1_500);
    expect((await call('GET', '/state')).body).toMatchObject({ primary: 'a', expelled: null });
    expect(await value(b.sql('SELECT @@read_only'))).toBe('1');
    expect(lines.filter((one) => one.what === 'gave up')).toHaveLength(1);
  }, 60_000);
});

on('a candidate that cannot take over', () => {
  test('is empty', async () => {
    const { a, b, line } = await arranged({ mode: 'async' });
    for (const text of ['STOP SLAVE', 'RESET MASTER', "SET GLOBAL gtid_slave_pos = ''"]) await b.sql(text);
    a.signal('SIGKILL');
    await b.sql('START SLAVE SQL_THREAD');
    expect((await line('gave up')).evidence['because']).toMatch(/b is empty/);
  }, 60_000);

  test('cannot be reached', async () => {
    const { a, b, line, lines } = await arranged({ mode: 'async' });
    b.signal('SIGKILL');
    a.signal('SIGKILL');
    expect((await line('gave up')).evidence['because']).toMatch(/the replica cannot be reached/);
    expect(lines.some((one) => one.what === 'declared dead')).toBe(false);
  }, 60_000);

  test('restarted after the primary died, before it was stopped: what it had received is gone, so it is not promoted', async () => {
    const { a, b, port, line, lines } = await arranged({ mode: 'async' });
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
    await sleep(3_000);
    expect(lines.filter((one) => one.what === 'gave up').map((one) => one.evidence['because']).at(-1)).toMatch(/held 0-1-23 when the primary was last seen, but holds only/);
    expect(lines.some((one) => one.what === 'promoted')).toBe(false);
  }, 60_000);

  test('has thrown away what it had received: never promoted with less than it held when it was stopped', async () => {
    const { a, b, port, line, lines } = await arranged({ drainTimeoutMs: 500 });
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
    await sleep(4_000);
    expect(lines.some((one) => one.what === 'promoted')).toBe(false);
  }, 60_000);
});

on('one fact of two is not death', () => {
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
