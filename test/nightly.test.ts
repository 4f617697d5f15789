import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
let reports = '';
beforeAll(async () => { reports = join(await mkdtemp(join(tmpdir(), 'regionfall-')), 'nights'); });
afterAll(async () => { await rm(join(reports, '..'), { recursive: true }); });

function night(name: string, scenario: string) {
  const done = spawnSync(join(root, '.ci/nightly'), { encoding: 'utf8', cwd: root, env: { ...process.env, NODE_OPTIONS: '', WORLDS: 'sim moon', SCENARIOS: scenario, REPEAT: '5', REPORTS: reports, NIGHT: name } });
  return { code: done.status, said: done.stdout + done.stderr, told: readFileSync(join(reports, 'nightly.md'), 'utf8') };
}

// Ten drills, and each step of a night is a process of its own.
jest.setTimeout(300_000);

test('the first night has no baseline and says so, the second is set beside it; a night that is called again goes on where it was', async () => {
  const first = night('2026-11-20', 'test/scenarios/light.yaml');
  expect(first).toMatchObject({ code: 0, told: expect.stringContaining('no baseline') });
  expect(first.said).toMatch(/moon: SKIPPED/);
  expect(first.told).toMatch(/No run on \*\*moon\*\*/);

  const again = night('2026-11-20', 'test/scenarios/light.yaml');
  expect(again.said.match(/is there already/g)).toHaveLength(5);

  const second = night('2026-11-21', 'test/scenarios/light.yaml');
  expect(second.told).toMatch(/nightly-2026-11-20-light-sim → nightly-2026-11-21-light-sim/);
  expect(second.told).toMatch(/\| recovery time \(RTO\) \| .* \| 5, 5 \|/);
  const series = 'nightly-2026-11-21-light-sim';
  for (const file of ['compare.html', 'compare.md', 'compare.json', 'junit.xml']) expect(existsSync(join(reports, 'compare', series, file))).toBe(true);
  for (const file of ['trend.html', 'trend.json', 'history.jsonl']) expect(existsSync(join(reports, file))).toBe(true);
  expect(readFileSync(join(reports, 'history.jsonl'), 'utf8').trim().split('\n')).toHaveLength(10);
  expect((await readdir(join(reports, series))).filter((name) => name.startsWith(series))).toHaveLength(5);
});
