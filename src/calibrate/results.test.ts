import { expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keepResult, keptResult, resultOf } from './results.ts';

test('a result is found again by its part and what was planted, and by nothing else', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'regionfall-results-'));
  try {
    const result = resultOf('noop-embedded', { rows: [], noise: [] }, { noops: 50 }, 12.6, 'abc');
    expect(result).toMatchObject({ part: 'noop-embedded', tookS: 13, version: 'abc', machine: { cpus: expect.any(Number) } });
    await keepResult(join(dir, 'new', 'folder'), result);
    const kept = (part: string, noops: number) => keptResult(join(dir, 'new', 'folder'), part, { noops });
    expect(await kept('noop-embedded', 50)).toEqual(result);
    expect([await kept('noop-embedded', 5), await kept('silent', 50), await keptResult(dir, 'noop-embedded', { noops: 50 })]).toEqual([null, null, null]);
  } finally {
    await rm(dir, { recursive: true });
  }
});
