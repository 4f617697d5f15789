import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { connectAgent, type Agent } from '../../agent/link.ts';
import { realClock } from '../../clock.ts';
import { here, through, type Exec, type Running } from '../../exec.ts';
import type { Verdict } from '../../check.ts';
import type { Entry } from '../../history.ts';
import { judge } from '../../judge.ts';
import type { Atlas, BoundProbe } from '../../world.ts';
import { judgeBy } from './blind.ts';
import { historyOf, watchedAs } from '../histories.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => { for (const end of ends.splice(0).reverse()) await end(); });
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
const [everyMs, outageFrom, outageTo] = [50, 1_500, 2_300];

/** Has a program's monotonic clock step by so much (ms) when it is told to. */
const stepping = (ms: number): string[] => ['--import', `data:text/javascript,${encodeURIComponent(`const real = process.hrtime.bigint; let step = 0n; process.hrtime.bigint = () => real() + step; process.on('SIGUSR2', () => { step = ${ms * 1e6}n; });`)}`];

/** A real agent looks at a real server that is away for a known while; what `trouble` does to it in between is what the harness must not mistake for the system. */
async function run(trouble: (running: Running) => Promise<unknown>, lastsMs: number, exec: Exec = here, preload: readonly string[] = []) {
  const clock = realClock();
  const server = createServer((request, response) => { response.writeHead(request.url === '/front' && clock.now() >= outageFrom && clock.now() < outageTo ? 503 : 200).end('ok'); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  ends.push(() => { server.closeAllConnections(); server.close(); });
  const entries: Entry[] = [];
  const atlas: Atlas = { service: '', servicePort: 1, parts: { 'old/app': `127.0.0.1:${(server.address() as AddressInfo).port}` }, nameservers: {}, from: '127.0.0.1', database: { user: '', password: '', schema: '' } };
  const running = exec.start([process.execPath, ...preload, '--disable-warning=ExperimentalWarning', fileURLToPath(new URL('../../agent/main.ts', import.meta.url))]);
  const agent: Agent = connectAgent(running, { clock, place: 'outside', atlas }, (entry) => entries.push(entry));
  ends.push(() => agent.close());
  const probe = (name: string): BoundProbe => ({ name, kind: 'http', place: 'outside', everyMs, timeoutMs: 200, params: { path: `/${name}`, target: { place: 'old', part: 'app' } } });
  await agent.start([probe('front'), probe('control')]);
  const began = Math.max(clock.now(), 600);
  await pause(began - clock.now());
  await Promise.all([trouble(running), pause(lastsMs)]);
  await agent.stop();
  const all: Entry[] = [{ kind: 'phase', at: began, phase: 'baseline' }, { kind: 'phase', at: began + lastsMs, phase: 'quiesce' }, ...entries];
  const probes = ['front', 'control'].map((name) => ({ ...watchedAs(name, 'http', 'http', everyMs), timeoutMs: 200 }));
  const history = historyOf({ probes, client: ['front'], cut: { low: outageFrom - 60, high: outageFrom }, entries: all });
  // A gate that was broken says so wherever it stands among others: on a busy machine the control path may have suffered, too.
  const told = ({ ruling, findings }: Verdict) => ({ ruling, because: findings.filter((finding) => finding.kind === 'gate' && finding.ruling !== 'pass').map(({ because }) => because).join(' ') });
  return { lenient: told(judgeBy(judge, history, 60_000)), strict: told(judgeBy(judge, history, 1)) };
}

describe('a real agent that fails', () => {
  test('control: with nothing wrong the same outage meets one objective and misses the other', async () => {
    const { lenient, strict } = await run(async () => {}, 4_000);
    expect([lenient.ruling, strict.ruling, lenient.because]).toEqual(['pass', 'fail', lenient.because]);
  }, 20_000);

  test('frozen: neither verdict stands', async () => {
    const { lenient, strict } = await run(async ({ pid }) => { await pause(2_500); process.kill(pid, 'SIGSTOP'); await pause(3_000); process.kill(pid, 'SIGCONT'); }, 6_500);
    for (const { ruling, because } of [lenient, strict]) expect([ruling, because]).toEqual(['inconclusive', expect.stringMatching(/outside was blind for \d/i)]);
  }, 20_000);

  test('its pipe cut: neither verdict stands', async () => {
    const { lenient, strict } = await run(async ({ kill }) => { await pause(2_500); kill('SIGKILL'); }, 4_000);
    for (const { ruling, because } of [lenient, strict]) expect([ruling, because]).toEqual(['inconclusive', expect.stringMatching(/outside was blind for \d/i)]);
  }, 20_000);

  const aside = through(['unshare', '--time', '--fork', '--kill-child', '--monotonic', '7']);
  test.each([['two seconds ahead', 2_000], ['a third of a second ahead', 333], ['two seconds back', -2_000]])('its clock steps %s in the middle: neither verdict stands', async (_says, ms) => {
    const { lenient, strict } = await run(async ({ pid }) => { await pause(2_500); process.kill(pid, 'SIGUSR2'); }, 5_000, here, stepping(ms));
    for (const { ruling, because } of [lenient, strict]) expect([ruling, because]).toEqual(['inconclusive', expect.stringMatching(/outside was blind for \d/i)]);
  }, 20_000);

  test('its clock seven seconds ahead from the beginning: neither verdict stands', async () => {
    if ((await aside.run(['true'])).code !== 0) { console.error('SKIPPED: a process with a clock of its own needs root and time namespaces'); return; }
    const { lenient, strict } = await run(async () => {}, 4_000, aside);
    for (const { ruling, because } of [lenient, strict]) expect([ruling, because]).toEqual(['inconclusive', expect.stringMatching(/were not made|was blind for \d/i)]);
  }, 20_000);

  test('its CPU gone: neither verdict stands', async () => {
    // Stopped and let go again and again it gets a tenth of a CPU, and never stands still long enough to be blind.
    const { lenient, strict } = await run(async ({ pid }) => {
      await pause(1_500);
      for (let turn = 0; turn < 10; turn += 1) { process.kill(pid, 'SIGSTOP'); await pause(270); process.kill(pid, 'SIGCONT'); await pause(30); }
    }, 6_500);
    for (const { ruling, because } of [lenient, strict]) expect([ruling, because]).toEqual(['inconclusive', expect.stringMatching(/looks due at outside were not made|stalled for/i)]);
  }, 20_000);
});
