import { describe } from '@jest/globals';
import { embedded } from '../src/providers/embedded/provider.ts';
import { topologyWith } from './topology.ts';

const shortfallsOf = (engine: 'mariadb' | 'mysql') => embedded.shortfalls([], topologyWith({ database: { engine } }));
const found = { mariadb: await shortfallsOf('mariadb'), mysql: await shortfallsOf('mysql') };

/** Tests that need the embedded world. Where it cannot be opened they are skipped, and say aloud why and what mends it. */
export function describeEmbedded(name: string, tests: () => void, engine: 'mariadb' | 'mysql' = 'mariadb'): void {
  const shortfalls = found[engine];
  if (shortfalls.length === 0) { describe(name, tests); return; }
  const why = shortfalls.map(({ what, mend }) => `  ${what}${mend === null ? '' : `\n      mend: ${mend}`}`).join('\n');
  process.stderr.write(`\nSKIPPED: ${name}: the embedded world cannot be opened here\n${why}\n`);
  describe.skip(name, tests); // said aloud just above
}
