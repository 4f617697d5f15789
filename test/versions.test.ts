import { describe, expect, test } from '@jest/globals';
import { fileURLToPath } from 'node:url';
import { compare } from '../src/compare.ts';
import { findRuns } from '../src/compare/find.ts';

const kept = fileURLToPath(new URL('../docs/versions', import.meta.url));

/** Real series that `bench/versions.ts` ran on the embedded world; their compact history is kept with the docs. */
async function compared(a: string, b: string) {
  const [before, now] = [await findRuns(a, kept), await findRuns(b, kept)];
  const side = ({ name, found }: typeof before) => ({ name, outcomes: found.map(({ outcome }) => outcome) });
  const { ruling, primary, explained, a: first, b: last } = compare(side(before), side(now), { marginPct: 10, allow: [], today: '2026-11-22T00:00:00Z' });
  expect(Math.min(first.runs.length, last.runs.length)).toBeGreaterThanOrEqual(5);
  return { ruling, changed: primary.filter(({ outlook }) => outlook !== 'no change shown').map(({ measure, outlook }) => [measure, outlook]), stage: explained?.stage ?? null };
}

describe('real series of versions', () => {
  test('slower health checks: recovery is slower, and the stage is named', async () => {
    expect(await compared('checks-10', 'checks-30')).toEqual({ ruling: 'fail', changed: [['failover.rto', 'worse']], stage: 'stage.detect.dns' });
    expect(await compared('checks-30', 'checks-10')).toMatchObject({ ruling: 'pass', changed: [['failover.rto', 'better']] });
  });

  test('asynchronous replication: writes are lost, and nothing else is worse', async () => {
    expect(await compared('fast', 'async')).toMatchObject({ ruling: 'fail', changed: [['loss.lost', 'worse']] });
  });

  test('a slower pilot: recovery is slower, and the stage is named', async () => {
    expect(await compared('fast', 'slow-pilot')).toEqual({ ruling: 'fail', changed: [['failover.rto', 'worse']], stage: 'stage.detect.db' });
  });

  test('the same version twice: nothing', async () => {
    expect(await compared('fast', 'fast-again')).toMatchObject({ ruling: 'pass', changed: [] });
  });
});
