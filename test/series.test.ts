import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Run } from '../src/history.ts';
import { finishedIn } from '../src/series.ts';
import { regionfall } from './command.ts';

const light = fileURLToPath(new URL('scenarios/light.yaml', import.meta.url));
const slow = fileURLToPath(new URL('scenarios/light-slow-checks.yaml', import.meta.url));
let out = '';
beforeEach(async () => { out = await mkdtemp(join(tmpdir(), 'regionfall-')); });
afterEach(async () => { await rm(out, { recursive: true }); });
jest.setTimeout(300_000);

const runsOf = async (series: string) => (await readdir(join(out, series), { withFileTypes: true })).filter((entry) => entry.isDirectory()).map(({ name }) => name).sort();

describe('a series', () => {
  test('that is interrupted goes on at the run that was interrupted, with the same waits', async () => {
    const args = ['run', light, '--on', 'sim', '--repeat', '3', '--series', 's', '--seed', 'abc', '--out', out, '--label', 'v1'];
    const first = regionfall(args);
    await first.hears('run 2 of 3');
    first.child.kill('SIGINT');
    const { code, said } = await first.ended;
    expect({ code, said }).toMatchObject({ code: 130, said: expect.stringContaining('--series s') });
    expect(existsSync(join(out, 's', 'summary.json'))).toBe(false);

    const second = await regionfall(args).ended;
    expect(second).toMatchObject({ code: 0, said: expect.stringContaining('run 1 of 3 is there already') });
    const finished = await finishedIn(join(out, 's'));
    expect([...finished.keys()].sort()).toEqual([1, 2, 3]);
    const runs = [...finished.values()].map((dir) => JSON.parse(readFileSync(join(dir, 'run.json'), 'utf8')) as Run);
    expect(new Set(runs.map(({ series }) => series?.delayMs)).size).toBe(3);
    expect(runs[0]).toMatchObject({ label: 'v1', series: { name: 's', of: 3, seed: 'abc', withinMs: 5_000 } });
    expect(JSON.parse(readFileSync(join(out, 's', 'summary.json'), 'utf8'))).toMatchObject({ runs: 3, valid: 3, loss: { n: 3 } });
    const lines = readFileSync(join(out, 'history.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { readonly id: string });
    expect(lines).toHaveLength(3);
    const third = await regionfall([...args.slice(0, 4), '--repeat', '4', ...args.slice(6)]).ended;
    expect(third).toMatchObject({ code: 3, said: expect.stringContaining('repeat 3, not 4') });
  });

  test('of a slower version is told apart from the one before, in the table and by exit status; of the same version it is not', async () => {
    const run = async (scenario: string, name: string) => regionfall(['run', scenario, '--on', 'sim', '--repeat', '6', '--series', name, '--seed', name, '--out', out]).ended;
    for (const [scenario, name] of [[light, 'one'], [light, 'two'], [slow, 'slow']] as const) expect(await run(scenario, name)).toMatchObject({ code: 0 });
    const compare = async (a: string, b: string) => regionfall(['compare', a, b, '--reports', out, '--out', join(out, 'compared')]).ended;
    const apart = await compare('one', 'slow');
    expect(apart).toMatchObject({ code: 1, said: expect.stringMatching(/WORSE {2}Recovery takes .* longer/) });
    expect(apart.said).toContain('stage.detect.dns');
    expect(apart.said).toContain('dns.interval: 2s in A, 6s in B');
    expect(await compare('two', 'one')).toMatchObject({ code: 0, said: expect.stringContaining('NO WORSE') });
    expect(await compare('dns.interval=2s', 'dns.interval=6s')).toMatchObject({ code: 1 });
    expect(await compare('one', 'one')).toMatchObject({ code: 3 });
    expect(readFileSync(join(out, 'compared', 'compare.html'), 'utf8')).toContain('The two time lines');

    const archived = await regionfall(['archive', out, '--nights', '0']).ended;
    expect(archived.said).toMatch(/18 runs packed/);
    const [first = ''] = await runsOf('one');
    expect(existsSync(join(out, 'one', first, 'history.jsonl'))).toBe(false);
    expect(await regionfall(['judge', join(out, 'one', first)]).ended).toMatchObject({ code: 0 });
    expect(await regionfall(['trend', out]).ended).toMatchObject({ code: 0, said: expect.stringContaining('light on sim') });
  });
});
