import { describe, expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Report } from '../src/report.ts';
import { describeEmbedded } from './embedded.ts';

const nobody = 65_534;
const path = (name: string) => fileURLToPath(new URL(name, import.meta.url));

const root = process.getuid?.() === 0;
const ordinary = root ? { uid: nobody, gid: nobody } : {};
// A checkout in somebody's own folder is nobody else's to read.
const readable = spawnSync(process.execPath, ['-e', 'fs.readFileSync(process.argv[1])', path('../src/cli.ts')], ordinary).status === 0;
if (!readable) process.stderr.write(`\nSKIPPED: an ordinary user: this checkout (${path('..')}) may be read by its owner alone\n`);

(readable ? describeEmbedded : describe.skip)('an ordinary user', () => { // skipped aloud just above
  test('runs a whole drill in namespaces of its own, and leaves nothing', () => {
    const home = mkdtempSync(join(tmpdir(), 'regionfall-nobody-'));
    if (root) chownSync(home, nobody, nobody);
    try {
      const as = { ...ordinary, env: { ...process.env, HOME: home, TMPDIR: home, NODE_OPTIONS: '', NO_COLOR: '1' }, encoding: 'utf8' as const };
      const regionfall = (...words: string[]) => spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', path('../src/cli.ts'), ...words], as);
      const ran = regionfall('run', path('scenarios/short-cut.yaml'), '--on', 'embedded', '--out', join(home, 'reports'));
      expect([0, 1, 2]).toContain(ran.status); // what the drill found is not asked here: a busy machine may spoil it
      const folder = readdirSync(join(home, 'reports')).find((name) => name.includes('short-cut')) ?? '';
      const report = JSON.parse(readFileSync(join(home, 'reports', folder, 'report.json'), 'utf8')) as Report;
      expect(report.run.status).toBe('completed');
      expect(report.faults[0]?.t0).not.toBeNull();
      if (root) expect(statSync(join(home, 'reports', folder)).uid).toBe(nobody);
      expect(regionfall('sweep').stdout).toContain('nothing was left behind');
    } finally { rmSync(home, { recursive: true, force: true }); }
  }, 240_000);
});
