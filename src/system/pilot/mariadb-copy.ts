import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { doorOf, ended, run, watching, withPassword } from './client-programs.ts';
import { openSession, type Login } from './connect.ts';
import type { Errant, Position } from './dialect.ts';

const systemSchemas = ['information_schema', 'performance_schema', 'mysql', 'sys'];
const statementLimitMs = 30_000;

/** Saves errant transactions with mariadb-binlog, as `Dialect.saveErrant` promises. */
export async function saveErrant(login: Login, errant: Errant, path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  const first = await firstLog(login);
  const argv = ['--no-defaults', '--read-from-remote-server', ...doorOf(login), '--to-last-log', '-vv', ...(errant.after === '' ? [] : [`--start-position=${errant.after}`])];
  await run('mariadb-binlog', [...argv, first], login, createWriteStream(path));
  let count = 0;
  const counting = watching((line) => { if (/^#.*\tGTID \d+-\d+-\d+/.test(line)) count += 1; });
  await Promise.all([run('mariadb-binlog', [...argv, '--base64-output=decode-rows', first], login, counting), pipeline(counting, createWriteStream(`${path}.txt`))]);
  return count;
}

/** Replaces all data but the accounts by a dump taken while the source goes on serving, as `Dialect.rebuild` promises; the old binlog goes last, so that a copy that broke off is seen as errant again. */
export async function rebuild(target: Login, source: Login): Promise<Position> {
  const from = await schemasOf(source);
  await dropSchemas(target, await schemasOf(target));
  let position: Position | null = null;
  const copy = watching((line) => { position ??= /^-- SET GLOBAL gtid_slave_pos='([^']*)'/.exec(line)?.[1] ?? null; });
  const load = spawn('mariadb', ['--no-defaults', ...doorOf(target), '--init-command=SET SESSION sql_log_bin = 0'], { env: withPassword(target), stdio: ['pipe', 'ignore', 'pipe'] });
  const dump = ['--no-defaults', ...doorOf(source), '--single-transaction', '--master-data=2', '--gtid', '--hex-blob', '--routines', '--triggers', '--databases', ...from];
  await Promise.all([run('mariadb-dump', dump, source, copy), pipeline(copy, load.stdin), ended(load, 'mariadb')]);
  if (position === null) throw new Error('the dump does not say at which GTID it was taken');
  const session = await openSession(target, statementLimitMs);
  try {
    await session.ask('RESET MASTER');
    await session.ask('SET GLOBAL gtid_slave_pos = ?', [position]);
  } finally {
    session.end();
  }
  return position;
}

async function dropSchemas(login: Login, names: readonly string[]): Promise<void> {
  const session = await openSession(login, statementLimitMs);
  try {
    await session.ask('STOP SLAVE');
    await session.ask('RESET SLAVE ALL');
    await session.ask('SET SESSION sql_log_bin = 0');
    for (const name of names) await session.ask(`DROP DATABASE \`${name.replaceAll('`', '``')}\``);
  } finally {
    session.end();
  }
}

async function schemasOf(login: Login): Promise<string[]> {
  const session = await openSession(login, statementLimitMs);
  try {
    const rows = await session.ask('SELECT schema_name AS name FROM information_schema.schemata');
    return rows.map((row) => row['name'] ?? '').filter((name) => !systemSchemas.includes(name));
  } finally {
    session.end();
  }
}

async function firstLog(login: Login): Promise<string> {
  const session = await openSession(login, statementLimitMs);
  try {
    const [row] = await session.ask('SHOW BINARY LOGS');
    return row?.['Log_name'] ?? '';
  } finally {
    session.end();
  }
}
