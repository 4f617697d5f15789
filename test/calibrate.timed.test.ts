import { expect, test } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { regionfall } from './command.ts';

/** The processes that one has started, as `ps` has them. */
function startedBy(pid: number): string[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n').map((line) => line.trim().split(/ +/));
  return rows.filter(([, parent]) => parent === String(pid)).map(([child]) => child as string);
}

const alive = (pid: string): boolean => { try { process.kill(Number(pid), 0); return true; } catch { return false; } };

test('Ctrl-C in the middle of a part ends it at once, with all that it started, also servers that stand still', async () => {
  const command = regionfall(['calibrate', '--only', 'frozen']);
  await command.hears('planted after');
  const started = startedBy(command.child.pid as number);
  expect(started.length).toBeGreaterThan(30); // a server each, and an agent
  const asked = Date.now();
  command.child.kill('SIGINT');
  const { code, said } = await command.ended;
  expect({ code, said }).toMatchObject({ code: 130, said: expect.stringContaining('interrupted') });
  expect(said).not.toMatch(/\n\s+at /);
  expect(Date.now() - asked).toBeLessThan(10_000);
  await expect(gone(started)).resolves.toBe(true);
}, 120_000);

/** Whether all have gone within a few seconds. */
async function gone(pids: readonly string[]): Promise<boolean> {
  for (let tries = 0; tries < 50 && pids.some(alive); tries += 1) await new Promise((resolve) => { setTimeout(resolve, 100); });
  return !pids.some(alive);
}
