import { expect, test } from '@jest/globals';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

test('the table of modes is what its command prints of the real runs that are kept', () => {
  const { stdout, status } = spawnSync(process.execPath, ['--disable-warning=ExperimentalWarning', 'bench/modes.ts', '--enough', '0', '--out', 'docs/modes'], { cwd: root, encoding: 'utf8', env: { ...process.env, NODE_OPTIONS: '' } });
  expect(status).toBe(0);
  expect(stdout.trim()).toBe(readFileSync(`${root}/docs/modes.md`, 'utf8').trim());
});
