import { DrillError } from '../../errors.ts';
import { here } from '../../exec.ts';
import type { Topology } from '../../topology.ts';
import type { Engine } from './engine.ts';
import { mariadb } from './engines/mariadb.ts';
import { findMysql, mysqlFrom } from './engines/mysql.ts';

/** The engine of a topology; throws a DrillError where this machine has not got it. */
export async function engineOf(topology: Topology): Promise<Engine> {
  if (topology.settings.database.engine === 'mariadb') return mariadb;
  const found = await findMysql();
  if (typeof found !== 'string') return mysqlFrom(found);
  throw new DrillError('notReady', { message: `database.engine is mysql, but ${found}`, hint: 'put MySQL 8.4 or later on PATH, or name a folder that holds it by REGIONFALL_MYSQL: docs/databases.md says where to get it; or choose database.engine: mariadb' });
}

/** Which engines a topology may choose here, a line each, with the version of what was found or why there is none. */
export async function findEngines(): Promise<string[]> {
  const mysql = await findMysql();
  return [
    `database.engine mariadb: ${await versionOf(mariadb) ?? 'none, or it does not start'}`,
    `database.engine mysql: ${typeof mysql === 'string' ? `none: ${mysql}` : await versionOf(mysqlFrom(mysql)) ?? 'none that starts'}`,
  ];
}

/** The version that an engine's server tells of itself. */
export function readVersion(said: string): string | null {
  return /Ver (\S+)/.exec(said)?.[1] ?? null;
}

async function versionOf(engine: Engine): Promise<string | null> {
  const { code, stdout } = await here.run(engine.version, { timeoutMs: 20_000 });
  return code === 0 ? readVersion(stdout) : null;
}
