import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import mysql from 'mysql2/promise';
import { engines, titleOf, type Engine } from '../../../test/engines.ts';
import type { Zone } from '../gslb/config.ts';
import { serveDns, type Nameserver } from '../gslb/nameserver.ts';
import { reply } from '../gslb/zone.ts';
import { connect } from './connection.ts';
import { fixed } from './locate.ts';

// The two databases, on 127.0.0.1 and 127.0.0.2, share a port, as behind one name.
const queryTimeoutMs = 1_200;
const dir = mkdtempSync(join(tmpdir(), 'app-'));
let zone: Zone = { serial: 1, negativeTtl: 1_000, records: {} };
let port = 0;
let engine: Engine;
let dns: Nameserver;
interface App { readonly child: ChildProcess; readonly port: number; readonly lines: Record<string, unknown>[] }
let app: App;
const apps: App[] = [];
const databases = new Map<number, ChildProcess>();

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port: found } = server.address() as AddressInfo;
  await once(server.close(), 'close');
  return found;
}
const sleep = (ms: number) => new Promise((resolve) => { setTimeout(resolve, ms); });
const dataOf = (id: number) => join(dir, `${engine.name}-${id}`);
const admin = (id: number) => mysql.createConnection({ socketPath: `${dataOf(id)}.sock`, user: 'root' });
async function sql(id: number, ...statements: string[]): Promise<unknown> {
  const connection = await admin(id);
  try {
    let last: unknown;
    for (const statement of statements) [last] = await connection.query(statement);
    return last;
  } finally {
    await connection.end();
  }
}

async function startDatabase(id: number): Promise<void> {
  const [file = '', ...argv] = engine.command({ data: dataOf(id), socket: `${dataOf(id)}.sock`, host: `127.0.0.${id}`, port, id });
  databases.set(id, spawn(file, argv, { stdio: 'ignore' }));
  for (let tries = 0; tries < 200; tries += 1) {
    const answered = await sql(id, 'SET GLOBAL read_only = 0').catch(() => null);
    if (answered) return;
    await sleep(100);
  }
  throw new Error(`${engine.name} ${id} does not answer`);
}

async function makeDatabases(): Promise<void> {
  engine.install(join(dir, engine.name), ['CREATE DATABASE shop;', "CREATE USER 'app'@'%' IDENTIFIED BY 'app';", "GRANT SELECT, INSERT, UPDATE ON shop.* TO 'app'@'%';",
    'CREATE TABLE shop.orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, writer VARCHAR(64) NOT NULL, number BIGINT NOT NULL, attempt INT NOT NULL, served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, KEY (writer, number));',
    'CREATE TABLE shop.registers (name VARCHAR(64) NOT NULL, slot INT NOT NULL, value VARCHAR(96) NOT NULL, over_value VARCHAR(96), before_value VARCHAR(96), served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, PRIMARY KEY (name, slot));']);
  for (const id of [1, 2]) engine.copy(join(dir, engine.name), dataOf(id));
  await Promise.all([1, 2].map(startDatabase));
}

async function endDatabases(): Promise<void> {
  for (const child of databases.values()) { child.kill('SIGCONT'); child.kill('SIGKILL'); if (child.exitCode === null && child.signalCode === null) await once(child, 'exit'); }
  databases.clear();
}

/** The GTID of the last commit on a server, whatever its engine calls it. */
async function lastGtid(id: number): Promise<string> {
  if (engine.name === 'mariadb') return (await sql(id, 'SELECT @@gtid_binlog_pos AS gtid') as { gtid: string }[])[0]?.gtid ?? '';
  const [row] = await sql(id, 'SELECT @@server_uuid AS uuid, @@GLOBAL.gtid_executed AS executed') as { uuid: string; executed: string }[];
  return `${row?.uuid}:${row?.executed.split('-').at(-1)?.split(':').at(-1)}`;
}

async function startApp(change: Record<string, unknown> = {}): Promise<App> {
  const listen = await freePort();
  const path = join(dir, `app-${listen}.json`);
  writeFileSync(path, JSON.stringify({ region: 'east', listen: `127.0.0.1:${listen}`, resolver: `127.0.0.1:${dns.address.port}`, database: { name: 'db.regionfall.test', port, user: 'app', password: 'app', schema: 'shop' },
    local: { host: '127.0.0.2', port }, health: 'deep', pool: 2, connectTimeoutMs: 400, queryTimeoutMs, reads: 'primary', ...change }));
  const child = spawn(process.execPath, [join(import.meta.dirname, 'main.ts'), path], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => lines.push(JSON.parse(line) as Record<string, unknown>));
  const made: App = { child, port: listen, lines };
  apps.push(made);
  while (!lines.some((line) => line['what'] === 'listening')) await sleep(20);
  return made;
}

interface Got { readonly status: number; readonly servedBy: unknown; readonly body: Record<string, unknown>; readonly ms: number }
function http(method: string, path: string, body?: unknown, to = app.port, agent: Agent | false = false): Promise<Got> {
  const start = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request({ method, host: '127.0.0.1', port: to, path, agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; })
        .on('end', () => resolve({ status: response.statusCode ?? 0, servedBy: response.headers['x-served-by'], body: JSON.parse(text) as Record<string, unknown>, ms: performance.now() - start }));
    });
    asked.on('error', reject).end(body === undefined ? undefined : JSON.stringify(body));
  });
}
let number = 0;
const write = (attempt = 0) => http('POST', '/orders', { writer: 'w', number: number += 1, attempt });
const rowsOf = async (id: number, of = number) => (await sql(id, `SELECT * FROM shop.orders WHERE writer = 'w' AND number = ${of}`) as unknown[]).length;
function point(id: number): void { zone = { ...zone, serial: zone.serial + 1, records: { 'db.regionfall.test': { addresses: [`127.0.0.${id}`], ttl: 1_000 } } }; }

beforeAll(async () => {
  port = await freePort();
  dns = await serveDns({ host: '127.0.0.1', port: 0 }, (query) => reply(query, { zone: 'regionfall.test', nameservers: [{ name: 'ns.regionfall.test', address: '127.0.0.1' }] }, zone));
});
afterEach(async () => { await Promise.all(apps.splice(0).map(async ({ child }) => { if (child.exitCode === null) { child.kill('SIGTERM'); await once(child, 'exit'); } })); });
afterAll(async () => {
  dns.close();
  rmSync(dir, { recursive: true, force: true });
});

for (const each of engines) (each.cannotRun === null ? describe : describe.skip)(titleOf(each, 'the app'), () => {
  beforeAll(async () => { engine = each; await makeDatabases(); }, 60_000);
  beforeEach(async () => { point(1); app = await startApp(); });
  afterAll(endDatabases, 30_000);

  test('acked: the row is there, with server and the GTID of exactly that commit', async () => {
    for (let times = 0; times < 3; times += 1) {
      const got = await write();
      expect(got).toMatchObject({ status: 200, servedBy: 'east', body: { outcome: 'acked', server: '1', gtid: await lastGtid(1) } });
      expect(await rowsOf(1)).toBe(1);
    }
  }, 20_000);

  test('reads: the newest orders, and a writer\'s numbers as ranges; from the local database where told so', async () => {
    for (const each of [1, 2, 3, 7]) await http('POST', '/orders', { writer: 'reader', number: each, attempt: 0 });
    expect((await http('GET', '/orders/seen?writer=reader&from=2')).body).toEqual({ server: '1', numbers: [[2, 3], [7, 7]] });
    const newest = await http('GET', '/orders');
    expect(newest).toMatchObject({ status: 200, body: { region: 'east', server: '1' } });
    expect((newest.body['recent'] as { writer: string; number: number }[]).slice(0, 4).map((row) => [row.writer, row.number])).toEqual([['reader', 7], ['reader', 3], ['reader', 2], ['reader', 1]]);
    const local = await startApp({ reads: 'local' });
    expect((await http('GET', '/orders/seen?writer=reader&from=0', undefined, local.port)).body).toEqual({ server: '2', numbers: [] });
    local.child.kill('SIGTERM');
    expect(await once(local.child, 'exit')).toEqual([0, null]);
  }, 20_000);

  test('registers: acked with the GTID of exactly that commit and what it took the place of; one that failed before its commit is refused and leaves nothing', async () => {
    const set = (slot: number, value: number) => http('POST', '/registers', { group: 'stock', slot, writer: 'w', number: value });
    expect(await set(0, 1)).toMatchObject({ status: 200, servedBy: 'east', body: { outcome: 'acked', server: '1', gtid: await lastGtid(1), found: [null] } });
    expect((await set(0, 2)).body).toMatchObject({ gtid: await lastGtid(1), found: ['w:1', null] });
    const hold = await admin(1);
    await hold.query('START TRANSACTION');
    await hold.query("UPDATE shop.registers SET value = 'held:1' WHERE name = 'stock' AND slot = 0");
    expect(await set(0, 3)).toMatchObject({ status: 503, body: { outcome: 'refused' } });
    await hold.query('ROLLBACK');
    await hold.end();
    expect((await set(0, 4)).body).toMatchObject({ outcome: 'acked', found: ['w:2', 'w:1'] });
    expect((await http('POST', '/registers', { group: 'stock', slot: -1 })).status).toBe(400);
  }, 20_000);

  test('refused: read-only drops the connection, and the next write finds where the name has moved', async () => {
    expect((await write()).body).toMatchObject({ outcome: 'acked', server: '1' });
    await sql(1, 'SET GLOBAL read_only = 1');
    point(2);
    try {
      expect(await write()).toMatchObject({ status: 503, body: { outcome: 'refused', error: expect.stringContaining('read-only') } });
      expect(await rowsOf(1)).toBe(0);
      expect((await write()).body).toMatchObject({ outcome: 'acked', server: '2' });
    } finally {
      await sql(1, 'SET GLOBAL read_only = 0');
    }
  }, 20_000);

  test('a pooled connection stays with the old server after the name moved, as long as it works', async () => {
    expect((await write()).body).toMatchObject({ server: '1' });
    point(2);
    expect((await write()).body).toMatchObject({ outcome: 'acked', server: '1' });
  }, 20_000);

  test('refused: no such name, no server behind it, wrong input; nothing was written', async () => {
    zone = { ...zone, records: {} };
    expect(await write()).toMatchObject({ status: 503, body: { outcome: 'refused' } });
    zone = { ...zone, records: { 'db.regionfall.test': { addresses: ['127.0.0.3'], ttl: 1_000 } } };
    expect(await write()).toMatchObject({ status: 503, body: { outcome: 'refused', error: expect.stringContaining('ECONNREFUSED') } });
    expect(await http('POST', '/orders', { writer: 'w', number: 'x' })).toMatchObject({ status: 400, body: { outcome: 'refused' } });
    expect((await http('GET', '/orders')).status).toBe(503);
    expect((await http('GET', '/health')).status).toBe(503);
  }, 20_000);

  test('indeterminate: a server frozen mid-write; the row is there when it thaws. Those who only queued, or only connected, are refused', async () => {
    await write();
    databases.get(1)?.kill('SIGSTOP');
    try {
      const sent = await write();
      expect(sent).toMatchObject({ status: 504, body: { outcome: 'indeterminate' } });
      expect(sent.ms).toBeGreaterThan(queryTimeoutMs - 5);
      const unsent = await write();
      expect(unsent).toMatchObject({ status: 503, body: { outcome: 'refused' } });
      const sick = await http('GET', '/health');
      expect(sick.status).toBe(503);
      expect(sick.ms).toBeLessThan(1_700);
    } finally {
      databases.get(1)?.kill('SIGCONT');
    }
    await sleep(500);
    expect([await rowsOf(1, number - 1), await rowsOf(1)]).toEqual([1, 0]);
    expect((await http('GET', '/health')).status).toBe(200);
  }, 20_000);

  test('refused: whoever waits for a connection longer than connect and query timeout together', async () => {
    const small = await startApp({ pool: 1, queryTimeoutMs: 1_500, connectTimeoutMs: 200 });
    const hold = await admin(1);
    await hold.query('LOCK TABLES shop.orders WRITE');
    const send = async (index: number) => { await sleep(index * 50); return http('POST', '/orders', { writer: 'queue', number: index, attempt: 0 }, small.port); };
    const [first, second, third] = await Promise.all([send(0), send(1), send(2)]);
    await hold.end();
    expect([first, second, third].map((got) => got?.body['outcome'])).toEqual(['indeterminate', 'indeterminate', 'refused']);
    expect(third?.body['error']).toBe('no free connection within 1700 ms');
    await sleep(300);
    expect(await sql(1, "SELECT id FROM shop.orders WHERE writer = 'queue' AND number = 2")).toEqual([]);
  }, 20_000);

  test('indeterminate: a server killed mid-write; refused while it is down; acked when it is back', async () => {
    await write();
    const hold = await admin(1);
    await hold.query('LOCK TABLES shop.orders WRITE');
    hold.on('error', () => {});
    const pending = write();
    await sleep(300);
    databases.get(1)?.kill('SIGKILL');
    expect(await pending).toMatchObject({ status: 504, body: { outcome: 'indeterminate' } });
    hold.destroy();
    expect(await write()).toMatchObject({ status: 503, body: { outcome: 'refused' } });
    await startDatabase(1);
    expect(await write()).toMatchObject({ status: 200, body: { outcome: 'acked', server: '1' } });
    expect(app.lines.map((line) => [line['who'], line['what']])).toContainEqual(['app/east', 'connection lost']);
  }, 30_000);

  test('indeterminate: the connection killed by an operator while the statement ran', async () => {
    await write();
    const hold = await admin(1);
    await hold.query('LOCK TABLES shop.orders WRITE');
    const pending = write();
    await sleep(200);
    const clients = await sql(1, "SELECT id FROM information_schema.processlist WHERE user = 'app' AND info LIKE 'INSERT%'") as { id: number }[];
    expect(clients).toHaveLength(1);
    await sql(1, `KILL CONNECTION ${clients[0]?.id}`);
    expect(await pending).toMatchObject({ status: 504, body: { outcome: 'indeterminate' } });
    await hold.end();
  }, 20_000);

  test('a statement on a connection that has ended is known not to be sent', async () => {
    const connection = await connect({ locate: fixed('127.0.0.1'), port, user: 'app', password: 'app', schema: 'shop' }, 1_000);
    connection.destroy();
    expect(await connection.query('SELECT 1', [], 1_000)).toMatchObject({ ok: false, sent: false });
    await expect(connect({ locate: fixed('127.0.0.1'), port, user: 'app', password: 'wrong', schema: 'shop' }, 1_000)).rejects.toThrow('Access denied');
  }, 20_000);

  test('health: shallow lives without a database, deep needs one; clients may keep their connection', async () => {
    const lax = await startApp({ health: 'shallow' });
    zone = { ...zone, records: {} };
    expect([(await http('GET', '/health')).status, (await http('GET', '/health', undefined, lax.port)).status]).toEqual([503, 200]);
    point(1);
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await http('GET', '/health', undefined, app.port, agent)).status).toBe(200);
    await http('GET', '/health', undefined, app.port, agent);
    expect(Object.values(agent.freeSockets).flat()).toHaveLength(1);
    expect((await http('GET', '/nowhere', undefined, app.port, agent)).servedBy).toBe('east');
    agent.destroy();
  }, 20_000);
});
