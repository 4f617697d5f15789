import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { realClock } from '../../clock.ts';
import type { Atlas, CrowdOrder, CrowdRequest } from '../../world.ts';
import { k6Of, prepare } from './command.ts';
import { follow } from './crowd.ts';
import { findK6 } from './needs.ts';
import { theirsName, wrapper } from './wrapper.ts';

const ends: (() => unknown)[] = [];
afterEach(async () => { for (const end of ends.splice(0).reverse()) await end(); });
const pause = (ms: number): Promise<void> => new Promise((resolve) => { setTimeout(resolve, ms); });
const order: CrowdOrder = { script: '', target: { place: 'seoul', part: 'app' }, manner: { resolver: 'strict', connections: 'new' }, everyMs: 100, timeoutMs: 300, clients: 8 };
const atlasOf = (port: number): Atlas => ({ service: 'shop.test', servicePort: 80, parts: { 'seoul/app': `127.0.0.1:${port}` }, nameservers: { strict: '10.1.2.3:53', odd: '10.1.2.3:5353' }, from: '127.0.0.1', database: { user: '', password: '', schema: '' } });

function ear() {
  const heard = { requests: [] as CrowdRequest[], missed: 0, blind: [] as [number, number, string][], notes: [] as string[] };
  return { heard, told: { request: (one: CrowdRequest) => { heard.requests.push(one); }, missed: (ticks: number) => { heard.missed += ticks; }, blind: (...all: [number, number, string]) => { heard.blind.push(all); }, note: (text: string) => { heard.notes.push(text); } } };
}

async function folder(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'regionfall-test-'));
  ends.push(() => rm(dir, { recursive: true }));
  return dir;
}

describe('the command', () => {
  test('gives k6 a resolver of its own, the drill\'s rate and nothing of this environment', async () => {
    const { argv } = await prepare({ ...order, target: 'service' }, atlasOf(1), await folder());
    expect(argv.slice(0, 3)).toEqual(['unshare', '-m', 'sh']);
    expect(argv).toEqual(expect.arrayContaining(['-i', 'TARGET=http://shop.test:80', 'TIMEOUT=300ms', '--no-connection-reuse', '--no-thresholds', 'ttl=0,select=first,policy=preferIPv4']));
    expect(argv.find((word) => word.startsWith('REGIONFALL_LOOKS='))).toContain('"executor":"constant-arrival-rate","rate":1,"timeUnit":"100ms","duration":"24h","preAllocatedVUs":8,"maxVUs":8');
  });

  test('keeps connections where that is asked for, and aims at a part by its address', () => {
    const argv = k6Of({ ...order, manner: { resolver: 'strict', connections: 'reused' } }, { ...atlasOf(8080), from: '0.0.0.0' }, 'main.js');
    expect(argv).toContain('TARGET=http://127.0.0.1:8080');
    expect(argv).not.toContain('--no-connection-reuse');
    expect(argv).not.toContain('--local-ips');
  });

  test.each([['odd', /at port 53 only, and odd is at/], ['nobody', /no address is known for the name server nobody/]])('refuses the resolver %s', async (resolver, why) => {
    await expect(prepare({ ...order, manner: { resolver, connections: 'new' } }, atlasOf(1), await folder())).rejects.toThrow(why);
  });
});

describe('a program that does not run', () => {
  test.each([
    ['is not there', ['/nowhere/k6'], /^k6 does not run: .*ENOENT/],
    ['ends at once', ['sh', '-c', 'exit 7'], /^k6 does not run: exit 7$/],
    ['says why', ['sh', '-c', 'echo \'{"level":"error","msg":"no such thing"}\' >&2; exit 1'], /^k6 does not run: no such thing$/],
    ['is kept from starting', ['sh', '-c', 'echo mount: permission denied >&2; exit 1'], /^k6 does not run: mount: permission denied$/],
  ])('because it %s, is refused with its last word', async (_what, argv, why) => {
    await expect(follow(argv, order, realClock(), ear().told, async () => {})).rejects.toThrow(why);
  });
});

const there = await findK6() !== null;
if (!there) process.stderr.write('\nSKIPPED: k6 itself: it is not on the PATH (https://grafana.com/docs/k6/latest/set-up/install-k6)\n');

(there ? describe : describe.skip)('k6 itself', () => { // skipped aloud just above
  async function crowd(script: string, answer: (request: IncomingMessage, response: ServerResponse) => void, changes: Partial<CrowdOrder> = {}) {
    const server = createServer(answer);
    await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
    ends.push(() => { server.close(); server.closeAllConnections(); });
    const dir = await folder();
    const whole = { ...order, ...changes, script };
    await Promise.all([copyFile(wrapper, join(dir, 'main.js')), writeFile(join(dir, theirsName), script)]);
    const { heard, told } = ear();
    const clock = realClock();
    const argv = k6Of(whole, atlasOf((server.address() as AddressInfo).port), join(dir, 'main.js'));
    return { clock, heard, running: await follow(argv, whole, clock, told, async () => {}) };
  }
  const one = 'import http from "k6/http"; export const options = { thresholds: { http_reqs: ["count>1000000"] } }; export default function () { http.get(`${__ENV.TARGET}/orders`, { timeout: __ENV.TIMEOUT }); }';

  test('keeps the schedule, and is where the server saw it', async () => {
    const served: number[] = [];
    const { clock, heard, running } = await crowd(one, (_request, response) => { served.push(clock?.now() ?? 0); response.end('ok'); });
    await pause(1_500);
    await running.stop();
    expect(heard.requests.length).toBeGreaterThanOrEqual(10);
    expect(heard.missed).toBe(0);
    heard.requests.forEach(({ scheduled, started, ended, expected, seen }, index) => {
      expect(scheduled).toBeCloseTo((heard.requests[0]?.scheduled ?? 0) + index * 100, 3);
      expect(started).toBeLessThanOrEqual((served[index] ?? 0) + 0.01);
      expect({ expected, seen, late: (served[index] ?? 0) > ended + 0.01 }).toEqual({ expected: true, seen: { status: 200, servedBy: null, connection: 'new', address: '127.0.0.1' }, late: false });
    });
    expect(heard.notes).toEqual([expect.stringMatching(/^k6's times are placed within \d+\.\d+ ms$/)]);
  }, 30_000);

  test('drops what it has no client for, tells what hung from when it was asked for, and waits for it at the stop', async () => {
    const { heard, running } = await crowd(one, () => { /* no answer */ }, { clients: 2 });
    await pause(1_200);
    await running.stop();
    expect(heard.missed).toBeGreaterThan(1);
    expect(heard.requests.length).toBeGreaterThan(4);
    for (const { scheduled, started, tookMs, error, seen } of heard.requests) {
      expect({ error, seen }).toEqual({ error: 'request timeout', seen: null });
      expect(tookMs).toBeGreaterThan(299);
      expect(started - scheduled).toBeLessThan(100);
    }
    const turns = heard.requests.map(({ scheduled }) => Math.round((scheduled - (heard.requests[0]?.scheduled ?? 0)) / 100));
    expect(new Set(turns).size).toBe(turns.length);
    expect(Math.max(...turns) + 1).toBeLessThanOrEqual(turns.length + heard.missed);
  }, 30_000);

  test('passes on what its script complains of, once', async () => {
    const { heard, running } = await crowd('export default function () { throw new Error("out of stock"); }', () => {});
    await pause(800);
    await running.stop();
    expect(heard.notes.filter((note) => note.includes('out of stock'))).toHaveLength(1);
    expect(heard.requests).toEqual([]);
  }, 30_000);

  test('refuses a script that it does not understand', async () => {
    await expect(crowd('export default function () {', () => {})).rejects.toThrow(/^k6 does not run: .*Unexpected/);
  }, 30_000);
});
