import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { spawn, type ChildProcess } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { createServer as createTcp, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { call } from './control.ts';

interface Line { readonly t: number; readonly who: string; readonly what: string; readonly subject: string; readonly evidence: Record<string, unknown> }
interface Program { readonly child: ChildProcess; readonly lines: Line[]; errors: string; readonly gone: Promise<unknown> }

const dir = mkdtempSync(join(tmpdir(), 'gslb-'));
const running: Program[] = [];
let files = 0;
afterEach(async () => { await Promise.all(running.splice(0).map(({ child, gone }) => { child.kill('SIGKILL'); return gone; })); });
afterAll(() => rmSync(dir, { recursive: true }));

function start(program: string, config: unknown): Program {
  const path = join(dir, `${files += 1}.json`);
  writeFileSync(path, JSON.stringify(config));
  const child = spawn(process.execPath, [join(import.meta.dirname, program), path]);
  const made: Program = { child, lines: [], errors: '', gone: once(child, 'close') };
  createInterface({ input: child.stdout }).on('line', (line) => made.lines.push(JSON.parse(line) as Line));
  child.stderr.on('data', (chunk: Buffer) => { made.errors += String(chunk); });
  running.push(made);
  return made;
}

async function until<T>(what: () => T | undefined | false | Promise<T | undefined | false>, limitMs = 6_000): Promise<T> {
  const endsAt = performance.now() + limitMs;
  for (;;) {
    const found = await what();
    if (found) return found;
    if (performance.now() > endsAt) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((resolve) => { setTimeout(resolve, 20); });
  }
}
const said = (program: Program, what: string, subject?: string) => until(() => program.lines.find((line) => line.what === what && (subject === undefined || line.subject === subject)));

async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, async () => { const server = createTcp().listen(0, '127.0.0.1'); await once(server, 'listening'); return server; }));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

describe('the load balancer and two authorities, as programs', () => {
  const health = { east: 200, west: 200 };
  const apps: Server[] = [];
  let [dns1 = 0, dns2 = 0, control1 = 0, control2 = 0, gslbPort = 0] = [0, 0, 0, 0, 0];
  beforeAll(async () => {
    for (const name of ['east', 'west'] as const) {
      const app = createServer((_request, response) => { response.writeHead(health[name]).end(); }).listen(0, '127.0.0.1');
      await once(app, 'listening');
      apps.push(app);
    }
    [dns1 = 0, dns2 = 0, control1 = 0, control2 = 0, gslbPort = 0] = await freePorts(5);
  });
  afterAll(() => { for (const app of apps) app.close(); });

  const authority = (name: string, dns: number, control: number) => start('authority.ts', {
    name, listen: `127.0.0.1:${dns}`, control: `127.0.0.1:${control}`, zone: 'regionfall.test', nameservers: [{ name: 'ns1.regionfall.test', address: '127.0.0.1' }] });
  const gslb = () => start('main.ts', {
    control: `127.0.0.1:${gslbPort}`, checkers: Array.from({ length: 6 }, (_, index) => ({ name: `checker-${index}`, address: `127.0.0.${index + 20}` })),
    regions: ['east', 'west'].map((name, index) => ({ name, role: index === 0 ? 'primary' : 'standby', endpoint: `127.0.0.1:${(apps[index]?.address() as AddressInfo).port}`, address: `127.0.0.10${index}` })),
    service: { name: 'app.regionfall.test', ttlMs: 2_000 }, database: { name: 'db.regionfall.test', ttlMs: 1_000 }, path: '/health',
    intervalMs: 200, threshold: 3, quorumPct: 18, connectTimeoutMs: 100, responseTimeoutMs: 100, negativeTtlMs: 1_000, publishDelayMs: 150, failback: 'latched',
    authorities: [`127.0.0.1:${control1}`, `127.0.0.1:${control2}`] });
  const ask = async (port: number, name = 'app.regionfall.test') => {
    const resolver = new Resolver({ timeout: 300, tries: 1 });
    resolver.setServers([`127.0.0.1:${port}`]);
    return (await resolver.resolve4(name).catch((error: NodeJS.ErrnoException) => [error.code])).join();
  };
  const order = async (method: string, path: string, body: unknown) => (await call(method, { host: '127.0.0.1', port: gslbPort }, path, body, 2_000)).status;

  test('a sick primary loses its users, is held when it is well again, and gets them back by order; all of it on time and in the log', async () => {
    authority('authority-1', dns1, control1);
    authority('authority-2', dns2, control2);
    const main = gslb();
    expect((await said(main, 'published', 'app.regionfall.test')).evidence).toEqual({ serial: 1, addresses: ['127.0.0.100'] });
    expect([await ask(dns1), await ask(dns2)]).toEqual(['127.0.0.100', '127.0.0.100']);
    health.east = 503;
    const unhealthy = await said(main, 'unhealthy', 'east');
    expect(unhealthy.evidence).toEqual({ healthy: 1, of: 6 });
    const published = await until(() => main.lines.find((line) => line.what === 'published' && line.evidence['serial'] === 2));
    expect(published.evidence['addresses']).toEqual(['127.0.0.101']);
    expect(published.t - unhealthy.t).toBeGreaterThanOrEqual(149);
    expect(published.t - unhealthy.t).toBeLessThan(1_000);
    expect([await ask(dns1), await ask(dns2)]).toEqual(['127.0.0.101', '127.0.0.101']);
    health.east = 200;
    await said(main, 'healthy', 'east');
    await new Promise((resolve) => { setTimeout(resolve, 400); });
    expect(await ask(dns1)).toBe('127.0.0.101');
    expect(await order('POST', '/latch', { region: 'east', held: false })).toBe(200);
    await until(async () => await ask(dns1) === '127.0.0.100' && await ask(dns2) === '127.0.0.100');
    expect(main.lines.every((line) => line.who === 'gslb' && Number.isFinite(line.t))).toBe(true);
  }, 20_000);

  test('"published" waits for the last authority, and one that comes back empty is given the zone again', async () => {
    authority('authority-1', dns1, control1);
    const main = gslb();
    await until(async () => await ask(dns1) === '127.0.0.100');
    await new Promise((resolve) => { setTimeout(resolve, 500); });
    expect(main.lines.some((line) => line.what === 'published')).toBe(false);
    const second = authority('authority-2', dns2, control2);
    await said(main, 'published', 'app.regionfall.test');
    expect(await ask(dns2)).toBe('127.0.0.100');
    second.child.kill('SIGKILL');
    await second.gone;
    authority('authority-2', dns2, control2);
    await until(async () => await ask(dns2) === '127.0.0.100');
    expect(main.lines.filter((line) => line.what === 'published')).toHaveLength(1);
  }, 20_000);

  test('the database has no address until someone gives it one, and orders that make no sense are refused', async () => {
    authority('authority-1', dns1, control1);
    authority('authority-2', dns2, control2);
    const main = gslb();
    await said(main, 'published', 'app.regionfall.test');
    expect(await ask(dns1, 'db.regionfall.test')).toBe('ENOTFOUND');
    expect(await order('PUT', '/names/database', { addresses: ['127.0.0.30'] })).toBe(202);
    expect((await said(main, 'published', 'db.regionfall.test')).evidence).toEqual({ serial: 2, addresses: ['127.0.0.30'] });
    expect([await ask(dns1, 'db.regionfall.test'), await ask(dns2, 'db.regionfall.test')]).toEqual(['127.0.0.30', '127.0.0.30']);
    expect(await order('PUT', '/names/database', { addresses: ['db'] })).toBe(400);
    expect(await order('POST', '/primary', { region: 'north' })).toBe(400);
    expect(await order('GET', '/nowhere', undefined)).toBe(404);
    const older = { serial: 1, records: {}, negativeTtl: 1_000 };
    expect(await call('PUT', { host: '127.0.0.1', port: control1 }, '/zone', older, 2_000)).toMatchObject({ status: 409, body: { serial: 2 } });
  }, 20_000);

  test('a load balancer that starts anew goes past the serial its authorities hold', async () => {
    authority('authority-1', dns1, control1);
    authority('authority-2', dns2, control2);
    await until(async () => (await call('PUT', { host: '127.0.0.1', port: control2 }, '/zone', { serial: 40, records: {}, negativeTtl: 1_000 }, 500).catch(() => null))?.status === 200);
    expect((await said(gslb(), 'published', 'app.regionfall.test')).evidence['serial']).toBe(41);
    expect(await ask(dns2)).toBe('127.0.0.100');
  }, 20_000);

  test('the end is quick on SIGTERM, and a config that is wrong is named field by field with exit 1', async () => {
    const first = authority('authority-1', dns1, control1);
    await said(first, 'listening');
    first.child.kill('SIGTERM');
    expect(await first.gone).toEqual([0, null]);
    for (const program of ['main.ts', 'authority.ts']) {
      const wrong = start(program, { control: 'nowhere' });
      expect(await wrong.gone).toEqual([1, null]);
      expect(wrong.errors).toMatch(/\.json: [^]*"nowhere" is not ip:port/);
    }
  }, 20_000);
});
