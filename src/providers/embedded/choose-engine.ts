import { DrillError } from '../../errors.ts';
import type { Topology } from '../../topology.ts';
import type { Engine } from './engine.ts';
import { mariadb } from './engines/mariadb.ts';
import { findMysql, mysqlFrom } from './engines/mysql.ts';

/** The engine of a topology; throws a DrillError where this machine has not got it. */
export async function engineOf(topology: Topology): Promise<Engine> {
  if (topology.settings.database.engine === 'mariadb') return mariadb;
  const found = await findMysql();
  if (typeof found !== 'string') return mysqlFrom(found);
  throw new DrillError('notReady', { message: `database.engine is mysql, but ${found}`, hint: 'put MySQL 8.4 or later on PATH, or name a folder that holds it by REGIONFALL_MYSQL; or choose database.engine: mariadb' });
}
