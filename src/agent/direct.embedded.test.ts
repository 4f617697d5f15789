import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { engines, titleOf, type Engine } from '../../test/engines.ts';
import type { Atlas } from '../world.ts';
import { makeDirect, type Direct } from './direct.ts';

const dir = mkdtempSync(join(tmpdir(), 'direct-'));
const port = 21_000 + Math.floor(Math.random() * 8_000);
const here = { place: 'seoul', part: 'database' } as const;
const atlas: Atlas = {
  service: '', servicePort: 1, nameservers: {}, from: '127.0.0.1', parts: { 'seoul/database': `127.0.0.1:${port}` }, database: { user: 'shop', password: 'secret', schema: 'shop' },
};
let engine: Engine;
let server: ChildProcess;
let direct: Direct;
let number = 0;

const socket = join(dir, 'sock');
const dataOf = () => join(dir, engine.name);
const sql = (statement: string): string => {
  const [file = '', ...argv] = engine.client;
  const done = spawnSync(file, [...argv, '-uroot', '-S', socket, '-N', '-e', statement], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout.trim();
};
const write = (ms = 10_000) => direct.append(here, { writer: 'promotion', number: number += 1, attempt: 1 }, AbortSignal.timeout(ms));
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

async function startServer(): Promise<void> {
  const [file = '', ...argv] = engine.command({ data: dataOf(), socket, host: '127.0.0.1', port, id: 7 });
  server = spawn(file, argv, { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries += 1) {
    try { sql('SET GLOBAL read_only = 0'); return; } catch { await pause(50); }
  }
  throw new Error(`${engine.name} did not start`);
}

async function makeServer(): Promise<void> {
  engine.install(dataOf(), ['CREATE DATABASE shop;', "CREATE USER shop@'127.0.0.1' IDENTIFIED BY 'secret';", "GRANT ALL ON shop.* TO shop@'127.0.0.1';",
    'CREATE TABLE shop.orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, writer VARCHAR(64) NOT NULL, number BIGINT NOT NULL, attempt INT NOT NULL, served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, KEY (writer, number));',
    'CREATE TABLE shop.registers (name VARCHAR(64) NOT NULL, slot INT NOT NULL, value VARCHAR(96) NOT NULL, over_value VARCHAR(96), before_value VARCHAR(96), served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, PRIMARY KEY (name, slot));']);
  await startServer();
}

/** Until every thread of the server stands still: the signal only sets out to stop them. */
async function stopServer(): Promise<void> {
  server.kill('SIGSTOP');
  const tasks = `/proc/${server.pid}/task`;
  while (readdirSync(tasks).some((task) => !/\) T /.test(readFileSync(`${tasks}/${task}/stat`, 'utf8')))) await pause(5);
}

async function endServer(): Promise<void> {
  server.kill('SIGCONT');
  server.kill('SIGKILL');
  if (server.exitCode === null && server.signalCode === null) await once(server, 'exit');
  number = 0;
}

beforeEach(() => { direct?.close(); direct = makeDirect(atlas); });
afterAll(() => {
  direct?.close();
  rmSync(dir, { recursive: true, force: true });
});

for (const each of engines) (each.cannotRun === null ? describe : describe.skip)(titleOf(each, 'writing straight into a database'), () => {
  beforeAll(async () => { engine = each; await makeServer(); }, 60_000);
  afterAll(endServer);

  test('acked, by which server and with which GTID, over one kept connection', async () => {
    const first = await write();
    const second = await write();
    expect(first).toMatchObject({ op: `promotion:${number - 1}`, outcome: 'acked', server: '7', servedBy: null });
    const gtid = engine.name === 'mariadb' ? /^0-7-(\d+)$/ : /^[0-9a-f-]{36}:(\d+)$/;
    const [one, other] = [first, second].map((seen) => Number(gtid.exec(seen.gtid ?? '')?.[1]));
    expect(other).toBe((one ?? 0) + 1);
    expect(sql("SELECT COUNT(*) FROM shop.orders WHERE writer = 'promotion'")).toBe(String(number));
    expect(sql("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'shop'")).toBe('1');
  });

  test('registers: told what each value took the place of, refused while it is read-only, and nothing is left of what was refused', async () => {
    const set = (slot: number, value: number) => direct.update(here, { group: 'stock', slot, writer: 'w', number: value }, AbortSignal.timeout(5_000));
    const gtid = engine.name === 'mariadb' ? /^0-7-\d+$/ : /^[0-9a-f-]{36}:\d+$/;
    expect(await set(0, 1)).toEqual({ group: 'stock', slot: 0, value: 'w:1', outcome: 'acked', server: '7', gtid: expect.stringMatching(gtid), servedBy: null, found: [null] });
    expect((await set(0, 2)).found).toEqual(['w:1', null]);
    sql('SET GLOBAL read_only = 1');
    expect(await set(0, 3)).toMatchObject({ outcome: 'refused', found: null });
    sql('SET GLOBAL read_only = 0');
    expect((await set(0, 4)).found).toEqual(['w:2', 'w:1']);
    expect((await set(1, 5)).found).toEqual([null]);
  });

  test('refused while it is read-only, and acked as soon as it is not', async () => {
    sql('SET GLOBAL read_only = 1');
    expect((await write()).outcome).toBe('refused');
    sql('SET GLOBAL read_only = 0');
    expect((await write()).outcome).toBe('acked');
  });

  test('refused when nobody listens', async () => {
    const closed = makeDirect({ ...atlas, parts: { 'seoul/database': '127.0.0.1:20999' } });
    expect((await closed.append(here, { writer: 'x', number: 1, attempt: 1 }, AbortSignal.timeout(1_000))).outcome).toBe('refused');
  });

  test('a frozen server: what was sent is indeterminate, what waited behind it refused, and never twice', async () => {
    expect((await write()).outcome).toBe('acked');
    await stopServer();
    const sent = write(700);
    const behind = write(300);
    expect([(await sent).outcome, (await behind).outcome]).toEqual(['indeterminate', 'refused']);
    expect((await write(300)).outcome).toBe('refused');
    server.kill('SIGCONT');
    await pause(200);
    expect((await write()).outcome).toBe('acked');
    expect(sql(`SELECT COUNT(*) FROM shop.orders WHERE number IN (${number - 1}, ${number - 2})`)).toBe('0');
    expect(Number(sql(`SELECT COUNT(*) FROM shop.orders WHERE number = ${number - 3}`))).toBeLessThanOrEqual(1);
  }, 15_000);

  test('a killed server: refused, and acked again once it is back', async () => {
    expect((await write()).outcome).toBe('acked');
    server.kill('SIGKILL');
    await pause(100);
    // The kept connection is found dead by the first write, which may have been on its way.
    expect(['refused', 'indeterminate']).toContain((await write()).outcome);
    expect((await write()).outcome).toBe('refused');
    await startServer();
    expect((await write()).outcome).toBe('acked');
  }, 30_000);
});
