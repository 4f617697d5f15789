import { describe, expect, test } from '@jest/globals';
import { describeEmbedded } from '../../../../test/embedded.ts';
import { describeProvider } from '../../../../test/provider-contract.ts';
import type { Provider } from '../../../world.ts';
import { embedded } from '../provider.ts';
import { findMysql } from './mysql.ts';

const found = await findMysql();
const onMysql: Provider = {
  ...embedded,
  open: (topology, ...how) => embedded.open({ ...topology, settings: { ...topology.settings, database: { ...topology.settings.database, engine: 'mysql' } } }, ...how),
};

if (typeof found === 'string') {
  process.stderr.write(`\nSKIPPED: the embedded world on MySQL: ${found}\n`);
  describe.skip(`the embedded world on MySQL (SKIPPED: ${found})`, () => { test('opens', () => { expect(found).toBeInstanceOf(Object); }); }); // said aloud just above
} else describeEmbedded('the embedded world on MySQL', () => { describeProvider('embedded, on MySQL,', () => onMysql, { timeoutMs: 240_000 }); }, 'mysql');
