import { beforeAll, describe, expect, test } from '@jest/globals';
import type { makeDirect } from '../../agent/direct.ts';
import { dataLoss } from '../../checks/data-loss.ts';
import { lostUpdates } from '../../checks/lost-updates.ts';
import { loadMutated, type Mutation } from '../mutate.ts';
import { judgeRealLosses, plantRealLosses, realFates } from './real-losses.ts';
import type { RealWrites } from './real-writes.ts';
import { findDatabases } from './two-servers.ts';
import { plantedUpdates } from './updates.ts';

const { there, missing } = process.getuid?.() === 0 ? await findDatabases() : { there: [], missing: [{ name: 'databases', why: 'needs root' }] };
for (const { name, why } of missing) process.stderr.write(`\nSKIPPED: losses planted on ${name}: ${why}\n`);

const checks = { dataLoss, lostUpdates };
const lying: readonly (readonly [string, string, keyof typeof checks, Mutation])[] = [
  ['writes in doubt that are gone counted as lost', 'writes lost', 'dataLoss', { file: 'checks/loss/reconcile.ts', find: "return present ? 'recovered' : 'unresolved';", put: "return present ? 'recovered' : 'destroyed';" }],
  ['errant transactions counted the wrong way round', 'writes errant', 'dataLoss', { file: 'checks/loss/gtids.ts', find: 'const beyond = subtract(had, held);', put: 'const beyond = subtract(held, had);' }],
  ['reads that nobody looks at', 'writes stale', 'dataLoss', { file: 'checks/loss/stale.ts', find: 'if (copies.has(read.probe)) continue;', put: 'continue;' }],
  ['an update that was replaced was taken away', 'updates reverted', 'lostUpdates', { file: 'checks/updates/lines.ts', find: 'value = over;', put: 'value = null;' }],
];
const entries = { dataLoss: 'checks/data-loss.ts', lostUpdates: 'checks/lost-updates.ts' } as const;

if (there.length === 0) test.skip('losses planted on real databases (SKIPPED: none is installed here)', () => {});

for (const engine of there) describe(`losses planted on real databases: ${engine.name}`, () => {
  let planted: RealWrites;
  const missed = (by: RealWrites, how: Partial<typeof checks> = {}) => judgeRealLosses(by, { ...checks, ...how }).filter(({ misses }) => misses.length > 0).map(({ kind }) => kind);
  beforeAll(async () => { planted = await plantRealLosses(engine, 'embedded test'); }, 120_000);

  test('all of it is found and classed, and nothing else', () => {
    const found = judgeRealLosses(planted);
    expect(found.filter(({ misses }) => misses.length > 0)).toEqual([]);
    expect(found.filter(({ planted: some }) => some === 0).map(({ kind }) => kind)).toEqual([]);
    expect(found).toHaveLength(realFates.length + plantedUpdates.length);
  });

  test.each(lying)('a check that lies is found out: %s', async (_lie, kind, check, mutation) => {
    expect(missed(planted, await loadMutated<Partial<typeof checks>>(entries[check], mutation))).toContain(kind);
  });

  test('an agent that calls a write refused when it only gave up waiting is found out', async () => {
    const { makeDirect: lie } = await loadMutated<{ makeDirect: typeof makeDirect }>('agent/direct.ts', {
      file: 'agent/direct.ts', find: "return sayWrite(write, refusals.has((error as { errno?: number }).errno ?? 0) ? 'refused' : 'indeterminate', { server });", put: "return sayWrite(write, 'refused', { server });",
    });
    expect(missed(await plantRealLosses(engine, 'embedded test', lie))).toEqual(expect.arrayContaining(['writes recovered', 'writes unresolved', 'writes phantom']));
  }, 120_000);
});
