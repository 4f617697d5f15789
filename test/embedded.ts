import { describe } from '@jest/globals';
import { findMysql } from '../src/providers/embedded/engines/mysql.ts';
import { embedded } from '../src/providers/embedded/provider.ts';
import type { Shortfall } from '../src/world.ts';
import { topologyWith } from './topology.ts';

type Engine = 'mariadb' | 'mysql';

const mysql = await findMysql();
const shortfallsOf = (engine: Engine) => embedded.shortfalls([], topologyWith({ database: { engine } }));
const found: Readonly<Record<Engine, readonly Shortfall[]>> = {
  mariadb: await shortfallsOf('mariadb'),
  mysql: [...typeof mysql === 'string' ? [{ what: mysql, mend: 'docs/databases.md says where to get it' }] : [], ...await shortfallsOf('mysql')],
};

/** Tests that need the embedded world, with a database engine. Where it cannot be opened they are skipped, and say aloud why and what mends it. */
export function describeEmbedded(name: string, tests: () => void, engine: Engine = 'mariadb'): void {
  const shortfalls = found[engine];
  if (shortfalls.length === 0) { describe(name, tests); return; }
  const why = shortfalls.map(({ what, mend }) => `  ${what}${mend === null ? '' : `\n      mend: ${mend}`}`).join('\n');
  process.stderr.write(`\nSKIPPED: ${name}: the embedded world cannot be opened here\n${why}\n`);
  describe.skip(name, tests); // said aloud just above
}
