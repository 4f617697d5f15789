import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { here, must, type Running } from '../../exec.ts';
import { accounts, seed } from '../../providers/embedded/database.ts';
import type { Engine } from '../../providers/embedded/engine.ts';
import { mariadb } from '../../providers/embedded/engines/mariadb.ts';
import { findMysql, mysqlFrom } from '../../providers/embedded/engines/mysql.ts';
import { regions } from '../histories.ts';
import { openScratch, startOurs } from '../leaving.ts';

/** A database server on 127.0.0.1, asked by its administrator; rows as arrays of text. `lock` keeps every commit waiting until it is undone. */
export interface Server { readonly name: '1' | '2'; readonly port: number; ask(sql: string): Promise<string[][]>; lock(): Promise<() => Promise<void>> }

/** An engine's words for what is done to two servers, one of which follows the other. `waited` selects 0 when a position has been applied. */
export interface Words { follow(port: number): string; readonly position: string; waited(position: string): string; readonly holdApplying: string; readonly goOnApplying: string; readonly cutOff: string; readonly promote: string; readonly open: string; readonly shut: string }

/** Two real servers: `old` takes writes, and `taking` follows it. */
export interface TwoServers { readonly engine: Engine; readonly words: Words; readonly old: Server; readonly taking: Server; close(): Promise<void> }

const words: Readonly<Record<Engine['name'], Words>> = {
  mariadb: {
    follow: (port) => `CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=${port}, MASTER_USER='${accounts.replication.user}', MASTER_PASSWORD='${accounts.replication.password}', MASTER_USE_GTID=slave_pos; START SLAVE;`,
    position: 'SELECT @@GLOBAL.gtid_binlog_pos;', waited: (position) => `SELECT MASTER_GTID_WAIT('${position}', 20);`,
    holdApplying: 'STOP SLAVE SQL_THREAD;', goOnApplying: 'START SLAVE SQL_THREAD;', cutOff: 'STOP SLAVE IO_THREAD;', promote: 'STOP SLAVE; RESET SLAVE ALL;',
    open: 'SET GLOBAL read_only = 0;', shut: 'SET GLOBAL read_only = 1;',
  },
  mysql: {
    follow: (port) => `CHANGE REPLICATION SOURCE TO SOURCE_HOST='127.0.0.1', SOURCE_PORT=${port}, SOURCE_USER='${accounts.replication.user}', SOURCE_PASSWORD='${accounts.replication.password}', SOURCE_AUTO_POSITION=1, GET_SOURCE_PUBLIC_KEY=1; START REPLICA;`,
    position: "SELECT REPLACE(@@GLOBAL.gtid_executed, '\\n', '');", waited: (position) => `SELECT WAIT_FOR_EXECUTED_GTID_SET('${position}', 20);`,
    holdApplying: 'STOP REPLICA SQL_THREAD;', goOnApplying: 'START REPLICA SQL_THREAD;', cutOff: 'STOP REPLICA IO_THREAD;', promote: 'STOP REPLICA; RESET REPLICA ALL;',
    open: 'SET GLOBAL super_read_only = 0; SET GLOBAL read_only = 0;', shut: 'SET GLOBAL super_read_only = 1;',
  },
};

/** The engines that this machine has, and of each of the others why it has none. */
export async function findDatabases(): Promise<{ readonly there: readonly Engine[]; readonly missing: readonly { readonly name: string; readonly why: string }[] }> {
  const { code } = await here.run(mariadb.version, { timeoutMs: 20_000 });
  const mysql = await findMysql();
  return {
    there: [...(code === 0 ? [mariadb] : []), ...(typeof mysql === 'string' ? [] : [mysqlFrom(mysql)])],
    missing: [...(code === 0 ? [] : [{ name: mariadb.name, why: 'the Debian packages mariadb-server-core and mariadb-client bring it' }]), ...(typeof mysql === 'string' ? [{ name: 'mysql', why: mysql }] : [])],
  };
}

/** Starts two servers with nothing in them, the second following the first. Rejects with a server's own words where it does not come up. */
export async function openTwoServers(engine: Engine, random: () => number): Promise<TwoServers> {
  const { dir, remove } = await openScratch('databases');
  const running: Running[] = [];
  const close = async (): Promise<void> => {
    for (const one of running) one.kill('SIGKILL');
    await Promise.all(running.map(({ gone }) => gone));
    await remove();
  };
  try {
    const template = join(dir, 'template');
    await must(here, ['sh', '-e'], { input: engine.install(template, seed), timeoutMs: 120_000 });
    const start = async (name: Server['name']): Promise<Server> => {
      const data = join(dir, name);
      await must(here, ['sh', '-e'], { input: `cp -r ${template} ${data}\n${engine.estrange(data)}`, timeoutMs: 60_000 });
      const port = await freePort(random);
      const argv = engine.serve({ data, host: '127.0.0.1', port, id: Number(name), pidFile: `${data}.pid`, connections: 50, writers: 1 });
      running.push(startOurs(['sh', '-c', 'exec "$@" > "$0" 2>&1', `${data}.log`, ...argv]));
      const client = [...engine.client, '-uroot', `--socket=${data}.sock`, '-N', '-B', '-n', accounts.schema];
      const server = { name, port, ask: (sql: string) => ask(client, sql), lock: () => lock(client) };
      await awake(server, `${data}.log`);
      return server;
    };
    const [old, taking] = [await start('1'), await start('2')];
    await old.ask(words[engine.name].open);
    await taking.ask(words[engine.name].follow(old.port));
    return { engine, words: words[engine.name], old, taking, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Which of the two serves a region. */
export const serverOf = (two: TwoServers, region: string): Server => (region === regions.old ? two.old : two.taking);

async function ask(client: readonly string[], sql: string): Promise<string[][]> {
  const said = await must(here, client, { input: sql, timeoutMs: 60_000 });
  return said.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
}

/** Holds the lock in a session of its own, for as long as that lasts. */
async function lock(client: readonly string[]): Promise<() => Promise<void>> {
  const session = startOurs(client);
  const lines = session.lines()[Symbol.asyncIterator]();
  const say = async (sql: string): Promise<void> => {
    session.write(`${sql} SELECT 'done';`);
    if ((await lines.next()).value !== 'done') throw new Error(`the server did not do this: ${sql}`);
  };
  await say('FLUSH TABLES WITH READ LOCK;');
  return async () => {
    await say('UNLOCK TABLES;');
    session.end();
    await session.gone;
  };
}

async function awake(server: Server, log: string): Promise<void> {
  for (let tries = 0; ; tries += 1) {
    try { await server.ask('SELECT 1;'); return; } catch (error) {
      if (tries === 200) throw new Error(`a database server did not come up: ${(await readFile(log, 'utf8').catch(String)).trim().slice(-1_000)}`, { cause: error });
      await new Promise((resolve) => { setTimeout(resolve, 100); });
    }
  }
}

/** Below the range from which the kernel takes ports for outgoing connections. */
async function freePort(random: () => number): Promise<number> {
  for (;;) {
    const port = 20_000 + Math.floor(random() * 10_000);
    const free = await new Promise<boolean>((resolve) => {
      const server = createServer().once('error', () => resolve(false));
      server.listen({ port, host: '127.0.0.1' }, () => server.close(() => resolve(true)));
    });
    if (free) return port;
  }
}
