import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Atlas } from '../world.ts';
import { makeDirect, type Direct } from './direct.ts';

const dir = mkdtempSync(join(tmpdir(), 'direct-'));
const port = 21_000 + Math.floor(Math.random() * 8_000);
const here = { place: 'seoul', part: 'database' } as const;
const atlas: Atlas = {
  service: '', servicePort: 1, nameservers: {}, from: '127.0.0.1', parts: { 'seoul/database': `127.0.0.1:${port}` }, database: { user: 'shop', password: 'secret', schema: 'shop' },
};
let server: ChildProcess;
let direct: Direct;
let number = 0;

const socket = join(dir, 'sock');
const sql = (statement: string): string => {
  const done = spawnSync('mariadb', ['--no-defaults', '-uroot', '-S', socket, '-N', '-e', statement], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout.trim();
};
const write = (ms = 2_000) => direct.append(here, { writer: 'promotion', number: number += 1, attempt: 1 }, AbortSignal.timeout(ms));
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

async function startServer(): Promise<void> {
  server = spawn('mariadbd', ['--no-defaults', '--user=root', `--datadir=${dir}/data`, `--socket=${socket}`, `--port=${port}`, '--bind-address=127.0.0.1', '--server-id=7', `--log-bin=${dir}/bin`, `--pid-file=${dir}/pid`], { stdio: 'ignore' });
  for (let tries = 0; tries < 200; tries += 1) {
    try { sql('SELECT 1'); return; } catch { await pause(50); }
  }
  throw new Error('mariadbd did not start');
}

beforeAll(async () => {
  spawnSync('mariadb-install-db', ['--no-defaults', '--auth-root-authentication-method=normal', '--user=root', `--datadir=${dir}/data`]);
  await startServer();
  sql(`CREATE DATABASE shop; CREATE USER shop@'127.0.0.1' IDENTIFIED BY 'secret'; GRANT ALL ON shop.* TO shop@'127.0.0.1';
    CREATE TABLE shop.orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, writer VARCHAR(64) NOT NULL, number BIGINT NOT NULL, attempt INT NOT NULL, served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, KEY (writer, number))`);
}, 60_000);
beforeEach(() => { direct?.close(); direct = makeDirect(atlas); });
afterAll(() => {
  direct?.close();
  server?.kill('SIGCONT');
  server?.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

describe('writing straight into a database', () => {
  test('acked, by which server and with which GTID, over one kept connection', async () => {
    const first = await write();
    const second = await write();
    expect(first).toMatchObject({ op: `promotion:${number - 1}`, outcome: 'acked', server: '7', servedBy: null });
    expect([first.gtid, second.gtid]).toEqual([expect.stringMatching(/^0-7-\d+$/), expect.stringMatching(/^0-7-\d+$/)]);
    expect(sql("SELECT COUNT(*) FROM shop.orders WHERE writer = 'promotion'")).toBe(String(number));
    expect(sql("SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'shop'")).toBe('1');
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
    server.kill('SIGSTOP');
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
