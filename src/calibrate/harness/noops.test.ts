import { expect, test } from '@jest/globals';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { plantNoops } from './noops.ts';

test('drills with nothing broken are run a few at a time, gone on with, and judged together', async () => {
  const out = await mkdtemp(join(tmpdir(), 'regionfall-noops-'));
  const said: string[] = [];
  const some = (turns: number) => plantNoops({ world: 'sim', times: 3, out, turns }, new AbortController().signal, (line) => said.push(line));
  try {
    const first = await some(1);
    expect([first.whole, first.rows[0]?.cases, first.rows[0]?.wanted]).toEqual([false, 1, 3]);
    const all = await some(9);
    expect({ whole: all.whole, rows: all.rows, said: said.map((line) => line.replace(/ in \d+ s: .*/, '')) }).toEqual({
      whole: true, rows: [expect.objectContaining({ mode: 'nothing broken (noop on sim)', cases: 3, misses: 0, disturbed: 0 })],
      said: ['noop on sim: 1 of 3, the last', 'noop on sim: 2 of 3, the last', 'noop on sim: 3 of 3, the last'],
    });
    expect(said.every((line) => / in \d+ s: PASS /.test(line))).toBe(true);
    expect(all.noise.find(({ name }) => name === 'failover.outage.longest')).toMatchObject({ value: 0, high: expect.any(Number) });
    expect((await readdir(join(out, 'noop-sim'), { withFileTypes: true })).filter((entry) => entry.isDirectory())).toHaveLength(3);
  } finally {
    await rm(out, { recursive: true });
  }
}, 120_000);
