import { spawn } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from '@jest/globals';
import { realClock } from '../clock.ts';
import { here, type Done, type Running } from '../exec.ts';
import type { Entry, Sample } from '../history.ts';
import type { Atlas, BoundProbe } from '../world.ts';
import { connectAgent, type Agent } from './link.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => { for (const end of ends.splice(0).reverse()) await end(); });
/** More than a pipe or a socket pair of this kernel holds. */
const pipeBytes = 64 * 1024;
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });

const front: BoundProbe = { name: 'front', kind: 'http', place: 'outside', everyMs: 50, timeoutMs: 400, params: { path: '/', target: { place: 'seoul', part: 'app' } } };

async function serve(): Promise<Server> {
  const server = createServer((_request, response) => { response.setHeader('x-served-by', 'seoul').end('ok'); });
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  ends.push(() => { server.closeAllConnections(); server.close(); });
  return server;
}

async function agent(): Promise<{ agent: Agent; running: Running; entries: Entry[]; server: Server; samples: () => Sample[] }> {
  const server = await serve();
  const entries: Entry[] = [];
  const atlas: Atlas = {
    service: 'shop.test', servicePort: 80, parts: { 'seoul/app': `127.0.0.1:${(server.address() as AddressInfo).port}` }, nameservers: {}, from: '127.0.0.1',
    database: { user: '', password: '', schema: '' },
  };
  const running = here.start([process.execPath, '--disable-warning=ExperimentalWarning', fileURLToPath(new URL('./main.ts', import.meta.url))]);
  const linked = connectAgent(running, { clock: realClock(), place: 'outside', atlas }, (entry) => entries.push(entry));
  ends.push(() => linked.close());
  return { agent: linked, running, entries, server, samples: () => entries.filter((entry): entry is Sample => entry.kind === 'sample') };
}

describe('an agent', () => {
  test('looks, streams what it saw in order, and says how well it kept its schedule', async () => {
    const { agent: one, entries, samples } = await agent();
    await one.start([front, { ...front, name: 'kept', params: { ...front.params, connections: 'reused' } }]);
    await pause(1_000);
    await one.stop();
    const fronts = samples().filter((sample) => sample.probe === 'front');
    expect(fronts.length).toBeGreaterThanOrEqual(15);
    expect(fronts.map((sample) => sample.seq)).toEqual(fronts.map((_, index) => index));
    expect(fronts.every((sample) => sample.ok && sample.started <= sample.ended && sample.place === 'outside')).toBe(true);
    const kept = samples().filter((sample) => sample.probe === 'kept');
    // While the program warms up a look may overlap the next, which then needs a connection of its own.
    expect(kept.filter((sample) => sample.data !== null && 'connection' in sample.data && sample.data.connection === 'new').length).toBeLessThan(5);
    expect(entries.at(-1)).toMatchObject({ kind: 'gap', place: 'outside', ticks: fronts.length + kept.length });
    expect(entries.some((entry) => entry.kind === 'blind')).toBe(false);
  });

  test('takes single looks before and while it watches', async () => {
    const { agent: one } = await agent();
    expect(await one.look('reach', [{ place: 'seoul', part: 'app' }, 500], 1_000)).toEqual({ to: 'seoul/app', reach: 'ok' });
    await one.start([front]);
    await expect(one.look('resolve', ['shop.test', 'strict'], 500)).rejects.toThrow('no address is known');
    await one.stop();
  });

  test('waits for looks under way and leaves other probes ticking when some are stopped', async () => {
    const { agent: one, server, samples } = await agent();
    server.removeAllListeners('request').on('request', (_request, response) => { setTimeout(() => response.end(), 300); });
    await one.start([front, { ...front, name: 'other' }]);
    await pause(500);
    await one.stop(['front']);
    const stopped = samples().filter((sample) => sample.probe === 'front').length;
    expect(samples().every((sample) => sample.ok)).toBe(true);
    await pause(600);
    await one.stop(['other']);
    expect(samples().filter((sample) => sample.probe === 'front')).toHaveLength(stopped);
    expect(samples().filter((sample) => sample.probe === 'other').length).toBeGreaterThan(stopped + 5);
  });

  test('says what a probe cannot do', async () => {
    const { agent: one } = await agent();
    await expect(one.start([{ ...front, kind: 'gaze' }])).rejects.toThrow('no agent can take a look of kind gaze');
  });
});

describe('blind is not down', () => {
  test('an agent that stood still leaves a blind span, not bad looks', async () => {
    const { agent: one, running, entries, samples } = await agent();
    await one.start([front]);
    await pause(700);
    process.kill(running.pid, 'SIGSTOP');
    await pause(3_200);
    process.kill(running.pid, 'SIGCONT');
    await pause(900);
    await one.stop();
    const blind = entries.filter((entry) => entry.kind === 'blind');
    expect(blind).toHaveLength(1);
    expect(blind[0]!.to - blind[0]!.from).toBeGreaterThan(2_500);
    expect(blind[0]).toMatchObject({ probe: null, why: 'the agent stood still' });
    const outsideBlind = samples().filter((sample) => sample.ended < blind[0]!.from || sample.started > blind[0]!.to);
    expect(outsideBlind.every((sample) => sample.ok)).toBe(true);
    const gaps = entries.filter((entry) => entry.kind === 'gap');
    expect(gaps.reduce((sum, gap) => sum + gap.missed, 0)).toBeGreaterThan(40);
  }, 20_000);

  test('an agent that has gone leaves everything after it blind', async () => {
    const { agent: one, running, entries } = await agent();
    await one.start([front]);
    await pause(700);
    process.kill(running.pid, 'SIGKILL');
    await pause(500);
    await one.stop();
    const blind = entries.filter((entry) => entry.kind === 'blind');
    expect(blind[0]).toMatchObject({ why: 'the agent has gone', place: 'outside' });
    for (let index = 1; index < blind.length; index += 1) expect(blind[index]!.from).toBe(blind[index - 1]!.to);
    expect(blind.at(-1)!.to - blind[0]!.from).toBeGreaterThan(400);
    await expect(one.look('reach', [{ place: 'seoul', part: 'app' }, 100], 200)).rejects.toThrow('has gone');
  });

  test('what it saw while nobody read is delivered later, and is not blind', async () => {
    const server = await serve();
    const { held, release } = startUnread();
    const entries: Entry[] = [];
    const atlas: Atlas = { service: 's', servicePort: 80, parts: { 'seoul/app': `127.0.0.1:${(server.address() as AddressInfo).port}` }, nameservers: {}, from: '127.0.0.1', database: { user: '', password: '', schema: '' } };
    const one = connectAgent(held, { clock: realClock(), place: 'outside', atlas }, (entry) => entries.push(entry));
    ends.push(() => one.close());
    // Many probes that are in no hurry rather than one that is: a busy machine may be late for each without missing any.
    const started = one.start(Array.from({ length: 20 }, (_, index) => ({ ...front, name: `front ${index}`, everyMs: 100 })));
    started.catch(() => {});
    await pause(4_000);
    expect(entries).toHaveLength(0);
    release();
    await started;
    await one.stop();
    const samples = entries.filter((entry) => entry.kind === 'sample');
    expect(JSON.stringify(samples).length).toBeGreaterThan(pipeBytes);
    expect(entries.some((entry) => entry.kind === 'blind')).toBe(false);
    const gaps = entries.filter((entry) => entry.kind === 'gap');
    expect(gaps.every((gap) => gap.stallMax < 1_000)).toBe(true);
  }, 20_000);
});

/** An agent whose stdout nobody reads until released: its pipe fills up. */
function startUnread(): { held: Running; release(): void } {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', fileURLToPath(new URL('./main.ts', import.meta.url))], { stdio: ['pipe', 'pipe', 'inherit'] });
  let release = (): void => {};
  const opened = new Promise<void>((resolve) => { release = resolve; });
  async function* lines(): AsyncIterable<string> {
    await opened;
    yield* createInterface({ input: child.stdout });
  }
  const gone = new Promise<Done>((resolve) => { child.on('close', (code) => resolve({ code, stdout: '', stderr: '', timedOut: false })); });
  return { held: { pid: child.pid ?? -1, write: (line) => { child.stdin.write(`${line}\n`); }, lines, end: () => { child.stdin.end(); }, kill: (signal) => { child.kill(signal); }, gone }, release };
}
