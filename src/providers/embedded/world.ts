import { readFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { sensesFromAfar, watchFromAfar } from '../../agent/from-afar.ts';
import { connectAgent, type Agent } from '../../agent/link.ts';
import { realClock } from '../../clock.ts';
import { DrillError } from '../../errors.ts';
import { must, type Exec } from '../../exec.ts';
import type { Entry, Mark } from '../../history.ts';
import type { Part, Place, Topology } from '../../topology.ts';
import { primaryOf, standbyOf } from '../../topology.ts';
import type { About, Senses, World } from '../../world.ts';
import type { Ask } from '../../census.ts';
import { asker } from './ask.ts';
import { at, atlasFor, controlPlace, groundOf, layOut, pilotSocket, ports, type Addresses } from './addresses.ts';
import { engineOf, readVersion } from './choose-engine.ts';
import { putApart } from './distance.ts';
import type { Engine } from './engine.ts';
import { accounts, awaitDatabases, databasePrograms, seedDatabases } from './database.ts';
import { followEvents } from './events.ts';
import { ahead, endHolder, inside, openHolder, type Holder } from './holder.ts';
import { makeLevers } from './levers.ts';
import { networkScript } from './network.ts';
import { askPilot } from './operator.ts';
import { deadPrograms, installPrograms, startPrograms, type Program } from './programs.ts';
import { resolverPrograms } from './resolvers.ts';
import { controlOf, gslbControl, smallNode, systemPrograms } from './system.ts';

interface RunOfWorld { readonly id: string; readonly dir: string; readonly endsWithinMs: number }

/** Opens the embedded world: namespaces, databases, names, services; returns when users could be served. */
export async function openWorld(topology: Topology, run: RunOfWorld, say: (line: string) => void, signal: AbortSignal): Promise<World> {
  const engine = await engineOf(topology);
  const clock = realClock();
  const addresses = layOut(topology);
  const logDir = join(run.dir, 'logs');
  say('network namespaces');
  const apart = await putApart(topology, addresses, join(run.dir, 'world'), logDir);
  const holder = await openHolder(run.id, `${networkScript(addresses)}\n${apart.script}`, join(run.dir, 'world'), run.endsWithinMs, signal);
  const inWorld = inside(holder);
  say('databases');
  await seedDatabases(inWorld, engine, topology);
  signal.throwIfAborted();
  const programs = [...apart.program ? [apart.program] : [], ...await allPrograms(engine, topology, addresses, run.dir, logDir)];
  await installPrograms(inWorld, programs);
  await startPrograms(inWorld, programs.filter((program) => program === apart.program || program.part === 'database'));
  await awaitDatabases(inWorld, engine, topology);
  signal.throwIfAborted();
  say('names, pilot, services');
  await bringUp(holder, addresses, programs, signal);
  const ask = asker(inWorld, engine.client, accounts.schema);
  return assemble({ topology, engine, run, clock, addresses, holder, inWorld, programs, ask, about: await describe(inWorld, engine), agentsAhead: await ahead() });
}

interface Assembled {
  readonly topology: Topology; readonly engine: Engine; readonly run: RunOfWorld; readonly clock: ReturnType<typeof realClock>; readonly addresses: Addresses;
  readonly holder: Holder; readonly inWorld: Exec; readonly programs: readonly Program[]; readonly ask: Ask; readonly about: About; readonly agentsAhead: readonly string[];
}

function assemble(parts: Assembled): World {
  const { topology, engine, run, clock, addresses, holder, inWorld, programs, ask, about } = parts;
  const agents = new Map<Place, Agent>();
  let sink: (entry: Entry) => void = () => {};
  const agentIn = (place: Place): Agent => {
    const known = agents.get(place);
    if (known) return known;
    const running = inside(holder, groundOf(addresses, place).netns, parts.agentsAhead).start([...smallNode, fileURLToPath(new URL('../../agent/main.ts', import.meta.url))]);
    const agent = connectAgent(running, { clock, place, atlas: atlasFor(addresses, topology, place, { ...accounts.app, schema: accounts.schema }) }, (entry) => sink(entry));
    agents.set(place, agent);
    return agent;
  };
  const events: { stop(): Promise<void> }[] = [];
  const whoLeads = () => lastLeader ?? primaryOf(topology).name;
  let lastLeader: Place | undefined;
  return {
    clock, topology, about,
    levers: makeLevers({
      addresses, programs, inWorld, in: (netns) => inside(holder, netns), undoDir: join(run.dir, 'undo'),
      rewriting: (given) => ({ name: topology.names.service, addresses: given, authorities: topology.authorities.map((_, index) => controlOf(addresses, index)), gslb: gslbControl(addresses) }),
    }),
    addressOf: (region) => at(groundOf(addresses, region), 'app'),
    from: (place) => sensesOf(agentIn(groundOf(addresses, place).place), place, topology, engine, ask),
    watch: (probes, into) => {
      sink = into;
      return watchFromAfar(agentIn, probes);
    },
    inStep: async (signal) => engine.census.compareCopies(ask, whoLeads(), whoLeads() === primaryOf(topology).name ? standbyOf(topology).name : primaryOf(topology).name, signal),
    marks: (into) => {
      events.push(followEvents(programs.map((program) => program.logFile), run.dir, clock.originMs, (mark: Mark) => {
        if (mark.who === 'pilot' && (mark.what === 'promoted' || mark.what === 'switched over')) lastLeader = mark.subject;
        into(mark);
      }));
    },
    operate: async (step, signal) => {
      const { said, savedTo } = await askPilot(pilotOf(holder), step, signal, 120_000);
      const shown = (text: string) => text.replaceAll(`${run.dir}/`, '');
      return { said: shown(said), ...(savedTo === undefined ? {} : { savedTo: shown(savedTo) }) };
    },
    [Symbol.asyncDispose]: async () => {
      for (const follow of events) await follow.stop();
      await Promise.all([...agents.values()].map((agent) => agent.close()));
      await endHolder(run.id);
    },
  };
}

const pilotOf = (holder: Holder) => `/proc/${holder.pid}/root${pilotSocket}`;

function sensesOf(agent: Agent, place: Place, topology: Topology, engine: Engine, ask: Ask): Partial<Senses> {
  const isRegion = topology.regions.some((region) => region.name === place);
  return { ...sensesFromAfar(agent), ...(isRegion ? { census: async (signal: AbortSignal) => ({ region: place, ...await engine.census.takeCensus(ask, place, signal) }) } : {}) };
}

/** In an order in which nothing is asked for before it is there: a name asked for too early is remembered as missing. */
async function bringUp(holder: Holder, addresses: Addresses, programs: readonly Program[], signal: AbortSignal): Promise<void> {
  const inWorld = inside(holder);
  const services = programs.filter((program) => program.part === 'app');
  await startPrograms(inWorld, programs.filter((program) => program.part !== 'database' && program.part !== 'app'));
  await askPilot(pilotOf(holder), 'arrange', signal, 30_000);
  await startPrograms(inWorld, services);
  const outside = inside(holder, 'outside');
  for (const program of services.filter((service) => service.place !== controlPlace)) await awaitAnswer(outside, `http://${at(groundOf(addresses, program.place), 'app')}:${ports.app}/health`, 'GET', signal);
  await awaitAnswer(outside, `http://${gslbControl(addresses)}/check`, 'POST', signal);
  const dead = await deadPrograms(inWorld, programs);
  if (dead.length > 0) throw new DrillError('notReady', await Promise.all(dead.map(async ({ name, logFile }) => ({ message: `${name} ended while the world was opened: ${(await readFile(logFile, 'utf8').catch(() => '')).trim().slice(-300)}`, file: logFile }))));
}

/** Asks a URL from inside the world until it answers 200; throws after 20 s with its last word. */
async function awaitAnswer(exec: Exec, url: string, method: string, signal: AbortSignal): Promise<void> {
  const script = `const end = Date.now() + 20000; let last; do { try { const r = await fetch(process.argv[1], { method: process.argv[2], signal: AbortSignal.timeout(2000) }); if (r.status === 200) process.exit(0); last = r.status + ' ' + await r.text(); } catch (e) { last = e.cause?.message ?? e.message; } await new Promise((r) => setTimeout(r, 100)); } while (Date.now() < end); console.error(last); process.exit(1)`;
  await must(exec, [process.execPath, '--input-type=module', '-e', script, url, method], { signal }).catch((cause: unknown) => {
    signal.throwIfAborted();
    throw new DrillError('notReady', { message: `${url} did not answer: ${cause instanceof Error ? cause.message.slice(-300) : String(cause)}`, hint: 'see the logs of the run' }, { cause });
  });
}

async function allPrograms(engine: Engine, topology: Topology, addresses: Addresses, dir: string, logDir: string): Promise<Program[]> {
  const files = join(dir, 'world');
  const control: Program = {
    place: controlPlace, part: 'app' satisfies Part, name: 'control', netns: groundOf(addresses, controlPlace).netns, logFile: join(logDir, 'control.log'),
    argv: [...smallNode, fileURLToPath(new URL('./control.ts', import.meta.url)), addresses.control],
  };
  return [...databasePrograms(engine, topology, addresses, logDir), ...await resolverPrograms(topology, addresses, files, logDir), ...await systemPrograms(topology, addresses, files, logDir, join(dir, 'errant')), control];
}

async function describe(inWorld: Exec, engine: Engine): Promise<About> {
  const [database, unbound, kernel] = await Promise.all([must(inWorld, engine.version), must(inWorld, ['unbound', '-V']), must(inWorld, ['uname', '-r'])]);
  return {
    versions: { [engine.name]: readVersion(database) ?? database, unbound: /Version (\S+)/.exec(unbound)?.[1] ?? 'unknown', node: process.version },
    machine: { kernel, cpus: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), arch: process.arch },
  };
}
