import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connectAgent } from '../../agent/link.ts';
import type { Details, dnsConvergence } from '../../checks/dns-convergence.ts';
import { realClock } from '../../clock.ts';
import { here, type Running } from '../../exec.ts';
import type { Entry, Sample } from '../../history.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import type { BoundProbe } from '../../world.ts';
import { openAuthority, planted, type Authority } from './authority.ts';
import { cachePrograms, type CacheProgram, type Setup } from './cache-programs.ts';
import { judgeCache, limits } from './cache-truth.ts';
import type { Span } from '../outages/held.ts';
import { addresses, historyOf, regions, watchedAs } from '../histories.ts';
import { openScratch, startOurs } from '../leaving.ts';

/** How a real cache is set up, how often it is asked, and for how long around the move (ms) its way to the authority is shut. */
interface Part { readonly setup: Setup; readonly everyMs: number; readonly shut?: { readonly before: number; readonly after: number } }
const { ttlMs, keepsS } = limits;
const [busyMs, sparseMs] = [250, 5_000];

/** What each program is made to be: the first are innocent. */
export const cacheParts = {
  'honest, busy': { setup: 'honest', everyMs: busyMs },
  'honest, sparse': { setup: 'honest', everyMs: sparseMs },
  'honest, authority away': { setup: 'honest', everyMs: busyMs, shut: { before: 1_000, after: 1_500 } },
  'stretching': { setup: 'stretching', everyMs: busyMs },
  'stale, sparse': { setup: 'stale', everyMs: sparseMs },
  'stale, authority away': { setup: 'stale', everyMs: busyMs, shut: { before: 1_500, after: 8_000 } },
} as const satisfies Readonly<Record<string, Part>>;
export type CachePart = keyof typeof cacheParts;

/** One real cache in one round. Null misses: it did nothing that an honest one may not do, and nothing can be asked. */
export interface RealCache { readonly program: string; readonly part: CachePart; readonly misses: readonly string[] | null; readonly signs: readonly string[] }

const logName = 'said.log';
const timeoutMs = 2_000;
const [beforeMs, afterMs] = [2 * sparseMs, 16_000];
const [lowestPort, portRange] = [20_000, 10_000];

interface Stand { readonly program: CacheProgram; readonly part: CachePart; readonly what: Part; readonly name: string; readonly port: number; readonly door: number }

/** The programs that are here, each found by trying it, and those that are not. */
export async function findCachePrograms(): Promise<{ readonly there: readonly CacheProgram[]; readonly missing: readonly CacheProgram[] }> {
  const tried = await Promise.all(cachePrograms.map(async (program) => (await here.run(program.tried, { timeoutMs: 20_000 }).catch(() => null))?.code === 0));
  return { there: cachePrograms.filter((_, index) => tried[index]), missing: cachePrograms.filter((_, index) => !tried[index]) };
}

/** Moves a name once under every part of every program that is here, while a real agent asks them, and has it judged by `check`. All of it stays on 127.0.0.1. */
export async function plantRealCaches(check: typeof dnsConvergence, programs: readonly CacheProgram[], seed: string): Promise<RealCache[]> {
  const random = makeRandom(`real caches ${seed}`);
  const { dir: directory, remove } = await openScratch('caches');
  const firstPort = lowestPort + Math.floor(random() * portRange);
  const parts = Object.entries(cacheParts as Readonly<Record<CachePart, Part>>) as [CachePart, Part][];
  const stands = programs.flatMap((program) => parts.map(([part, what]) => ({ program, part, what }))).map((one, index): Stand => ({ ...one, name: `${one.program.name}, ${one.part}`, port: firstPort + index, door: index + 2 }));
  const authority = await openAuthority(stands.length + 2, addresses[regions.old], ttlMs / 1_000);
  const running: Running[] = [];
  try {
    for (const [index, stand] of stands.entries()) running.push(await start(stand, authority, join(directory, String(index))));
    const { entries, moved } = await watch(stands, authority, async (index) => (await readFile(join(directory, String(index), logName), 'utf8')).trim().slice(-500), random);
    return judgeAll(check, stands, entries, moved);
  } finally {
    for (const one of running) one.kill('SIGKILL');
    await Promise.all(running.map(({ gone }) => gone));
    authority.close();
    await remove();
  }
}

async function start({ program, what, port, door }: Stand, { ports }: Authority, directory: string): Promise<Running> {
  await mkdir(directory);
  const stand = { port, authorityPort: ports[door] as number, directory, keepsS };
  await writeFile(join(directory, program.file), program.config(stand, what.setup));
  return startOurs(['sh', '-c', 'exec "$@" >"$0" 2>&1', join(directory, logName), ...program.argv(stand, what.setup)]);
}

async function watch(stands: readonly Stand[], authority: Authority, said: (stand: number) => Promise<string>, random: () => number): Promise<{ readonly entries: readonly Entry[]; readonly moved: Span }> {
  const clock = realClock();
  const entries: Entry[] = [];
  const nameservers = Object.fromEntries([['authority-1', authority.ports[0]], ['authority-2', authority.ports[1]], ...stands.map(({ name, port }) => [name, port])].map(([name, port]) => [name, `127.0.0.1:${port}`]));
  const atlas = { service: planted.name, servicePort: 1, parts: {}, nameservers, from: '127.0.0.1', database: { user: '', password: '', schema: '' } };
  const running = startOurs([process.execPath, '--disable-warning=ExperimentalWarning', fileURLToPath(new URL('../../agent/main.ts', import.meta.url))]);
  const agent = connectAgent(running, { clock, place: 'outside', atlas }, (entry) => entries.push(entry));
  const shut = (before: 'before' | 'after') => stands.flatMap(({ what, door }) => (what.shut ? [{ door, ms: what.shut[before], shut: before === 'before' }] : []));
  try {
    await answering(agent, stands, said);
    await agent.start(probesOf(stands));
    const moveAt = clock.now() + beforeMs + sparseMs * random();
    await inOrder(clock, shut('before').map(({ door, ms }) => ({ at: moveAt - ms, act: () => authority.shut(door, true) })));
    await clock.sleep(Math.max(0, moveAt - clock.now()));
    const { low, high } = authority.move(addresses[regions.taking]);
    await inOrder(clock, shut('after').map(({ door, ms }) => ({ at: moveAt + ms, act: () => authority.shut(door, false) })));
    await clock.sleep(Math.max(0, moveAt + afterMs - clock.now()));
    await agent.stop();
    return { entries, moved: { low: low - clock.originMs, high: high - clock.originMs } };
  } finally {
    await agent.close();
  }
}

/** Until every cache answers: a program takes its time to start. */
async function answering(agent: ReturnType<typeof connectAgent>, stands: readonly Stand[], said: (stand: number) => Promise<string>): Promise<void> {
  for (const [index, { name }] of stands.entries()) {
    for (let tries = 0; ; tries += 1) {
      try { await agent.look('resolve', [planted.name, name], timeoutMs); break; } catch (error) {
        if (tries >= 60) throw new Error(`${name} does not answer: ${error instanceof Error ? error.message : String(error)}. It said: ${await said(index)}`, { cause: error });
        await new Promise((resolve) => { setTimeout(resolve, 250); });
      }
    }
  }
}

async function inOrder(clock: { now(): number; sleep(ms: number): Promise<void> }, steps: readonly { readonly at: number; readonly act: () => void }[]): Promise<void> {
  for (const { at, act } of steps.toSorted((a, b) => a.at - b.at)) {
    await clock.sleep(Math.max(0, at - clock.now()));
    act();
  }
}

function probesOf(stands: readonly Stand[]): BoundProbe[] {
  const asked = [...['authority-1', 'authority-2'].map((name) => ({ name, everyMs: busyMs })), ...stands.map(({ name, what }) => ({ name, everyMs: what.everyMs }))];
  return asked.map(({ name, everyMs }) => ({ name: `names@${name}`, kind: 'dns', place: 'outside', everyMs, timeoutMs, params: { servers: [name], name: 'service', domain: planted.name } }));
}

function judgeAll(check: typeof dnsConvergence, stands: readonly Stand[], entries: readonly Entry[], moved: Span): RealCache[] {
  const probes = probesOf(stands).map(({ name, everyMs, params }) => watchedAs(name, 'dns', 'dns', everyMs, params));
  const last = entries.reduce((latest, { at }) => Math.max(latest, at), 0);
  const history = historyOf({
    probes, cut: { low: moved.low - 100, high: moved.low - 50 }, resolvers: stands.map(({ name }) => ({ name, kind: 'strict' as const, planted: false })),
    entries: [...entries, { kind: 'phase', at: 0, phase: 'baseline' }, { kind: 'phase', at: last + 1, phase: 'quiesce' }],
  });
  const { resolvers } = check.judge(history, {}).details as Details;
  return stands.map(({ program, part, what, name }) => {
    const said = resolvers.find(({ server }) => server === name);
    const looks = entries.filter((entry): entry is Sample<'dns'> => entry.kind === 'sample' && entry.probe === `names@${name}`);
    return { program: program.name, part, signs: said?.signs ?? [], misses: said ? judgeCache(what, looks, moved, said) : ['not measured'] };
  });
}
