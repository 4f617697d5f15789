import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engines, titleOf, type Engine } from '../../test/engines.ts';
import type { Ask, Dialect } from '../census.ts';
import { countGtids, readGtids, subtract } from '../checks/loss/gtid-sets.ts';
import { mariadb } from './mariadb.ts';
import { mysql } from './mysql.ts';

const dialects: Readonly<Record<Engine['name'], Dialect>> = { mariadb, mysql };
const follow = {
  mariadb: (port: number) => `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port}, MASTER_USER='repl', MASTER_PASSWORD='r1', MASTER_USE_GTID=slave_pos; START SLAVE`,
  mysql: (port: number) => `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='repl', SOURCE_PASSWORD='r1', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1; START REPLICA`,
};
const stop = { mariadb: 'STOP SLAVE', mysql: 'STOP REPLICA' };
const start = { mariadb: 'START SLAVE', mysql: 'START REPLICA' };
const seed = [
  'CREATE DATABASE shop;', "CREATE USER repl@'%' IDENTIFIED BY 'r1';", "GRANT REPLICATION SLAVE ON *.* TO repl@'%';",
  'CREATE TABLE shop.orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, writer VARCHAR(64) NOT NULL, number BIGINT NOT NULL, attempt INT NOT NULL, served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, KEY (writer, number));',
  'CREATE TABLE shop.registers (name VARCHAR(64) NOT NULL, slot INT NOT NULL, value VARCHAR(96) NOT NULL, over_value VARCHAR(96), before_value VARCHAR(96), served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, PRIMARY KEY (name, slot));',
];
const pause = (ms: number) => new Promise((resolve) => { setTimeout(resolve, ms); });

for (const engine of engines) (engine.cannotRun === null ? describe : describe.skip)(titleOf(engine, 'the census'), () => {
  const dir = mkdtempSync(join(tmpdir(), 'census-'));
  const { takeCensus, compareCopies } = dialects[engine.name];
  const servers: ChildProcess[] = [];
  const port = 22_000 + Math.floor(Math.random() * 8_000);
  const client = (region: string) => [...engine.client, '-uroot', `--socket=${join(dir, region)}.sock`, '-B'];
  const ask: Ask = async (region, text, _signal, named = false) => {
    const [file = '', ...argv] = [...client(region), ...(named ? [] : ['-N']), 'shop'];
    const done = spawnSync(file, argv, { input: text, encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
    return done.stdout.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
  };
  const write = (writer: string, numbers: readonly number[]) => ask('here', `INSERT INTO orders (writer, number, attempt, served_by, at) VALUES ${numbers.map((number) => `('${writer}', ${number}, 1, 'x', 0)`).join(', ')}`);

  beforeAll(async () => {
    engine.install(join(dir, 'template'), seed);
    for (const [index, region] of ['here', 'there'].entries()) {
      engine.copy(join(dir, 'template'), join(dir, region));
      const [file = '', ...argv] = engine.command({ data: join(dir, region), socket: `${join(dir, region)}.sock`, host: '127.0.0.1', port: port + index, id: index + 1 });
      servers.push(spawn(file, argv, { stdio: 'ignore' }));
    }
    for (const region of ['here', 'there']) for (let tries = 0; ; tries += 1) {
      try { await ask(region, 'SELECT 1'); break; } catch (error) { if (tries > 150) throw error; await pause(100); }
    }
    await ask('here', 'SET GLOBAL read_only = 0');
    await ask('there', follow[engine.name](port));
  }, 60_000);
  afterAll(async () => {
    for (const child of servers) { child.kill('SIGKILL'); if (child.exitCode === null && child.signalCode === null) await once(child, 'exit'); }
    rmSync(dir, { recursive: true, force: true });
  }, 30_000);

  test('rows as runs, numbers with more than one row, and the state in GTIDs', async () => {
    await write('w', [0, 1, 2, 3, 7, 7]);
    await write('v', [5]);
    const census = await takeCensus(ask, 'here');
    expect(census).toMatchObject({ server: '1', rows: { w: { numbers: [[0, 3], [7, 7]], counts: { 7: 2 } }, v: { numbers: [[5, 5]], counts: {} } }, checksum: expect.stringMatching(/^7:\d+$/) });
    expect(census.position).toBe(census.state);
    expect(countGtids(readGtids(census.state) ?? new Map())).toBe(2);
  });

  test('registers: what stands in each slot, and what it took the place of, as far as the row remembers', async () => {
    const set = (name: string, slot: number, value: string) => ask('here', `INSERT INTO registers (name, slot, value, served_by, at) VALUES ('${name}', ${slot}, '${value}', 'x', 0) ON DUPLICATE KEY UPDATE before_value = over_value, over_value = value, value = '${value}'`);
    for (const value of ['w:1', 'w:2', 'v:3', 'w:4']) await set('stock', 0, value);
    await set('stock', 10, 'w:5');
    await set('the count', 2, 'v:6');
    await set('the count', 2, 'v:7');
    expect((await takeCensus(ask, 'here')).registers).toEqual({ stock: { 0: ['w:4', 'v:3', 'w:2'], 10: ['w:5', null] }, 'the count': { 2: ['v:7', 'v:6', null] } });
  });

  test('copies are in step, also on a server that refuses writes, and are not where a row differs', async () => {
    expect(await compareCopies(ask, 'here', 'there')).toMatchObject({ inStep: true, evidence: { attached: true, caughtUp: true } });
    expect((await takeCensus(ask, 'there')).checksum).toBe((await takeCensus(ask, 'here')).checksum);
    const behind = engine.name === 'mysql' ? 'SET GLOBAL super_read_only = 0;' : '';
    await ask('there', `${behind} SET SESSION sql_log_bin = 0; UPDATE orders SET number = 8 WHERE number = 5`);
    expect(await compareCopies(ask, 'here', 'there')).toMatchObject({ inStep: false, evidence: { caughtUp: true } });
    await ask('there', 'SET SESSION sql_log_bin = 0; UPDATE orders SET number = 5 WHERE number = 8');
    expect(await compareCopies(ask, 'here', 'there')).toMatchObject({ inStep: true });
  }, 30_000);

  test('a replica that has stopped is not in step, whatever it holds', async () => {
    await ask('there', stop[engine.name]);
    expect(await compareCopies(ask, 'here', 'there')).toMatchObject({ inStep: false, evidence: { attached: false } });
    await ask('there', start[engine.name]);
    await pause(1_500);
    expect(await compareCopies(ask, 'here', 'there')).toMatchObject({ inStep: true });
  }, 30_000);

  test('while writes go on: all of the position is in the rows, all rows are in the state', async () => {
    const before = readGtids((await takeCensus(ask, 'here')).state) ?? new Map();
    const [file = '', ...argv] = [...client('here'), 'shop'];
    const writer = spawn(file, argv, { stdio: ['pipe', 'ignore', 'ignore'] });
    const ended = once(writer, 'exit');
    writer.stdin.end(Array.from({ length: 1_200 }, (_, k) => `INSERT INTO orders (writer, number, attempt, served_by, at) VALUES ('busy', ${k + 1}, 1, 'x', 0);`).join('\n'));
    const counts: [number, number, number][] = [];
    const count = (state: string) => countGtids(subtract(readGtids(state) ?? new Map(), before));
    while (writer.exitCode === null) {
      const { position, state, rows } = await takeCensus(ask, 'here');
      counts.push([count(position), rows['busy']?.numbers.at(-1)?.[1] ?? 0, count(state)]);
      await pause(20);
    }
    await ended;
    expect(counts.filter(([, rows]) => rows > 0 && rows < 1_200).length).toBeGreaterThan(2);
    for (const [at, rows, state] of counts) { expect(at).toBeLessThanOrEqual(rows); expect(rows).toBeLessThanOrEqual(state); }
  }, 60_000);
});
