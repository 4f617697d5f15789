import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer as createHttpServer, request } from 'node:http';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Engine } from '../../../test/engines.ts';
import { openSession, type Row, type Session } from './connect.ts';
import { words, type Words } from './words-fixture.ts';

const accounts = { admin: { user: 'pilot', password: 'p1' }, replication: { user: 'repl', password: 'r1' } };
const pilotFrom = '127.0.0.9';
const clientFrom = '127.0.0.21';
const witnessFrom = '127.0.0.31';
type Caller = 'pilot' | 'replica' | 'witness';

const seed = [
  'CREATE DATABASE shop;',
  'CREATE TABLE shop.orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, number BIGINT NOT NULL, note VARCHAR(100)) ENGINE=InnoDB;',
  "CREATE USER pilot@'%' IDENTIFIED BY 'p1';",
  "GRANT ALL ON *.* TO pilot@'%' WITH GRANT OPTION;",
  "CREATE USER repl@'%' IDENTIFIED BY 'r1';",
  "GRANT REPLICATION SLAVE ON *.* TO repl@'%';",
  "CREATE USER app@'%' IDENTIFIED BY 'a1';",
  "GRANT SELECT, INSERT, UPDATE, DELETE, LOCK TABLES ON shop.* TO app@'%';",
];

/** One line of a program's log. */
export interface Line { readonly t: number; readonly who: string; readonly what: string; readonly subject: string; readonly evidence: Readonly<Record<string, unknown>> }

/** A real server behind a door that can be shut to some: who comes from a shut-out address hears nothing more, as in a black hole. */
export interface Stand {
  readonly region: string;
  readonly host: string;
  start(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  cut(from: Caller): void;
  heal(): void;
  /** A session of the application's own, past the door: a client inside the region. */
  inside(limitMs?: number): Promise<Session>;
  sql(text: string): Promise<readonly Row[]>;
}

/** Two servers, what the pilot and the load balancer said, and the way to ask the pilot. */
export interface Bed {
  readonly words: Words;
  readonly a: Stand;
  readonly b: Stand;
  readonly port: number;
  readonly dir: string;
  readonly lines: Line[];
  /** What the load balancer was told, in order. */
  readonly told: { readonly asked: string; readonly body: Record<string, unknown> }[];
  call(method: string, path: string): Promise<{ readonly status: number; readonly body: Record<string, unknown> }>;
  /** The first line with these words, once it is there; rejects after `limitMs`. */
  line(what: string, subject?: string, limitMs?: number): Promise<Line>;
  close(): Promise<void>;
}

/** What a bed may differ in: options of both servers, and whether the pilot finds the engine's client programs. */
export interface Furnishing { readonly options?: readonly string[]; readonly bare?: boolean }

/** What the pilot of a bed is told beside the usual; told to whoever works it out where the servers stand. */
export type Settings = Readonly<Record<string, unknown>> | ((databases: readonly { readonly region: string; readonly host: string; readonly port: number }[]) => Promise<Readonly<Record<string, unknown>>>);

/** Two empty servers, a load balancer that only listens, and a pilot, all running. */
export async function makeBed(engine: Engine, settings: Settings = {}, { options = [], bare = false }: Furnishing = {}): Promise<Bed> {
  const dir = mkdtempSync(join(tmpdir(), 'regionfall-pilot-'));
  const [port, apiPort] = [await freePort(), await freePort()];
  engine.install(join(dir, 'template'), seed);
  const a = await makeServer(engine, dir, 'a', 1, '127.0.0.11', port, options);
  const b = await makeServer(engine, dir, 'b', 2, '127.0.0.12', port, options);
  await Promise.all([a.start(), b.start()]);
  const told: Bed['told'] = [];
  const gslb = createHttpServer((asked, response) => {
    let text = '';
    asked.on('data', (chunk: Buffer) => { text += chunk.toString(); }).on('end', () => {
      told.push({ asked: `${asked.method} ${asked.url}`, body: JSON.parse(text) as Record<string, unknown> });
      response.end('{}');
    });
  });
  await new Promise<void>((resolve) => { gslb.listen(0, '127.0.0.1', resolve); });
  const config = {
    listen: `127.0.0.1:${apiPort}`, from: pilotFrom, ...accounts, gslb: `127.0.0.1:${(gslb.address() as AddressInfo).port}`, schema: 'shop', engine: engine.name,
    databases: [{ region: 'a', host: a.host, port, role: 'primary' }, { region: 'b', host: b.host, port, role: 'standby' }],
    mode: 'semi-sync', degradeMs: null, waitPoint: 'after-sync', netTimeoutMs: 1_000, heartbeatMs: 250, decide: 'automatic', runbook: '', personMs: 60_000, fence: 'attempt', leaseMs: 3_000,
    observeMs: 300, misses: 3, drainTimeoutMs: 3_000, evidenceDir: join(dir, 'evidence'), ...(typeof settings === 'function' ? await settings([{ region: 'a', host: a.host, port }, { region: 'b', host: b.host, port }]) : settings),
  };
  writeFileSync(join(dir, 'pilot.json'), JSON.stringify(config));
  const lines: Line[] = [];
  const pilot = startPilot(join(dir, 'pilot.json'), bare ? '/nowhere' : engine.clientPath(dir), lines);
  const line: Bed['line'] = async (what, subject, limitMs = 15_000) => {
    for (const endsAt = performance.now() + limitMs; performance.now() < endsAt; await sleep(20)) {
      const found = lines.find((one) => one.what === what && (subject === undefined || one.subject === subject));
      if (found) return found;
    }
    throw new Error(`no "${what}" ${subject ?? ''} within ${limitMs} ms in:\n${lines.map((one) => JSON.stringify(one)).join('\n')}`);
  };
  const close = async () => {
    pilot.kill('SIGKILL');
    gslb.close();
    for (const server of [a, b]) { server.heal(); server.signal('SIGCONT'); server.signal('SIGKILL'); server.closeDoor(); }
    await sleep(100);
    rmSync(dir, { recursive: true, force: true });
  };
  await line('listening').catch(async (error: unknown) => { await close(); throw error; });
  return { words: words[engine.name], a, b, port, dir, lines, told, line, close, call: (method, path) => call(apiPort, method, path) };
}

/** The same, arranged: the one server is the primary, the other follows it. Rejects with the pilot's reason. */
export async function makeArranged(engine: Engine, settings: Settings): Promise<Bed> {
  const bed = await makeBed(engine, settings);
  const done = await bed.call('POST', '/arrange');
  if (done.status === 200 && done.body['error'] === undefined) return bed;
  await bed.close();
  throw new Error(`not arranged: ${done.status} ${String(done.body['error'])}`);
}

/** A client's session with a server, by its address, through the door. */
export function clientOf(host: string, port: number, limitMs = 5_000): Promise<Session> {
  return openSession({ host, port, user: 'app', password: 'a1', from: clientFrom }, limitMs);
}

function startPilot(config: string, path: string, lines: Line[]): ChildProcess {
  const child = spawn(process.execPath, [fileURLToPath(new URL('main.ts', import.meta.url)), config], { stdio: ['ignore', 'pipe', 'inherit'], env: { ...process.env, PATH: path } });
  let rest = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts.map((text) => JSON.parse(text) as Line));
  });
  return child;
}

async function makeServer(engine: Engine, dir: string, region: string, id: number, host: string, port: number, options: readonly string[]): Promise<Stand & { closeDoor(): void }> {
  const real = await freePort();
  const data = join(dir, region);
  engine.copy(join(dir, 'template'), data);
  const [file = '', ...argv] = engine.command({ data, socket: `${data}.sock`, host: '127.0.0.1', port: real, id, options });
  let child: ChildProcess | null = null;
  const door = makeDoor(host, port, real);
  const as = (user: string, password: string, limitMs: number) => openSession({ host: '127.0.0.1', port: real, user, password, from: '127.0.0.1' }, limitMs);
  const sql = async (text: string) => {
    const session = await as('pilot', 'p1', 10_000);
    try { return await session.ask(text); } finally { session.end(); }
  };
  const launch = () => {
    const mine = spawn(file, argv, { stdio: 'ignore' });
    child = mine;
    // A server that ends by itself, as it does when it has been cloned, is started again by whoever supervises it.
    mine.on('exit', (_code, signal) => { if (signal === null && child === mine) launch(); });
  };
  const start = async () => {
    launch();
    for (const endsAt = performance.now() + 30_000; ; await sleep(50)) {
      try { await sql('SELECT 1'); return; } catch (error) { if (performance.now() > endsAt) throw error; }
    }
  };
  return { region, host, start, sql, signal: (name) => { child?.kill(name); }, inside: (limitMs = 60_000) => as('app', 'a1', limitMs), cut: door.cut, heal: door.heal, closeDoor: door.close };
}

function makeDoor(host: string, port: number, real: number): { cut(from: Caller): void; heal(): void; close(): void } {
  const shut = new Set<Caller>();
  const pairs = new Set<{ from: Caller; outer: Socket; inner: Socket }>();
  const server: Server = createServer((outer) => {
    const pair = { from: callerAt(outer.remoteAddress), outer, inner: connect({ host: '127.0.0.1', port: real }) };
    pairs.add(pair);
    const end = () => { pairs.delete(pair); pair.outer.destroy(); pair.inner.destroy(); };
    for (const [one, other] of [[pair.outer, pair.inner], [pair.inner, pair.outer]] as const) {
      one.setNoDelay(true);
      one.on('error', end).on('close', end).on('data', (chunk: Buffer) => { other.write(chunk); });
    }
    if (shut.has(pair.from)) { pair.outer.pause(); pair.inner.pause(); }
  }).listen(port, host);
  const cut = (from: Caller) => {
    shut.add(from);
    const cutPairs = [...pairs].filter((pair) => pair.from === from);
    for (const pair of cutPairs) pair.inner.pause();
    // Answers to what has passed already still get through, so that the writes under way are surely on one side only.
    setTimeout(() => { if (shut.has(from)) for (const pair of cutPairs) pair.outer.pause(); }, 100);
  };
  const heal = () => {
    shut.clear();
    for (const pair of pairs) { pair.outer.resume(); pair.inner.resume(); }
  };
  const close = () => { server.close(); for (const pair of pairs) { pair.outer.destroy(); pair.inner.destroy(); } };
  return { cut, heal, close };
}

function callerAt(address: string | undefined): Caller {
  return address === pilotFrom ? 'pilot' : address === witnessFrom ? 'witness' : 'replica';
}

/** A witness of both servers of a bed; `count` of them, on ports of their own. They are the callers `witness` to the servers' doors. */
export async function startWitnesses(count: number, databases: readonly { readonly region: string; readonly host: string; readonly port: number }[]): Promise<{ readonly named: readonly { readonly name: string; readonly address: string }[]; kill(index: number): void; close(): void }> {
  const dir = mkdtempSync(join(tmpdir(), 'regionfall-witness-'));
  const started = await Promise.all(Array.from({ length: count }, async (_, index) => {
    const [name, listen] = [`w${index + 1}`, `127.0.0.1:${await freePort()}`];
    writeFileSync(join(dir, `${name}.json`), JSON.stringify({ name, listen, from: witnessFrom, databases, account: accounts.admin, limitMs: 1_000 }));
    const child = spawn(process.execPath, [fileURLToPath(new URL('../witness/main.ts', import.meta.url)), join(dir, `${name}.json`)], { stdio: ['ignore', 'pipe', 'inherit'] });
    await new Promise((resolve) => { child.stdout.once('data', resolve); });
    return { name, address: listen, child };
  }));
  return {
    named: started.map(({ name, address }) => ({ name, address })), kill: (index) => { started[index]?.child.kill('SIGKILL'); },
    close: () => { for (const { child } of started) child.kill('SIGKILL'); rmSync(dir, { recursive: true, force: true }); },
  };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => { server.listen(0, '127.0.0.1', resolve); });
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => { server.close(resolve); });
  return port;
}

function call(port: number, method: string, path: string): Promise<{ status: number; body: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, method, path, agent: false }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('end', () => resolve({ status: answer.statusCode ?? 0, body: JSON.parse(text) as Record<string, unknown> }));
    }).on('error', reject).end();
  });
}
