import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findK6 } from '../../agent/k6/needs.ts';
import { must } from '../../exec.ts';
import type { Topology } from '../../topology.ts';
import { docker, inContainer } from './docker.ts';
import { inImage, tools } from './image.ts';
import { edgeResolvers, ports, regionOf, type Layout } from './layout.ts';
import { edgeName, labels, networkOf, type Named } from './names.ts';
import { authorityConfig, gslbConfig, pilotConfig, resolverConfig } from './system.ts';

/** Node in a container, kept small. */
export const smallNode = ['node', '--max-semi-space-size=1', '--max-old-space-size=128', '--disable-warning=ExperimentalWarning'];
/** Before a command: it runs ahead of everything else where real-time scheduling is allowed, and all the same where it is not. */
const runAhead = ['sh', '-c', `${tools}/chrt --rr 1 true 2>/dev/null && set -- ${tools}/chrt --rr 1 "$@"; exec "$@"`, 'ahead'];
/** A command that does nothing until it is ended. */
const waits = ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 3600 & wait; done'];

/** A container of the edge. `ahead`: before what it looks at where both want the processor. `runsK6`: if this machine has it. */
export interface EdgeProgram { readonly role: string; readonly ahead?: boolean; readonly runsK6?: boolean; readonly address: string; readonly argv: readonly string[]; readonly file?: readonly [name: string, text: string] }

interface RunOfEdge extends Named { readonly dir: string }

/** Everything outside that needs no cluster to be there yet: authorities, resolvers, the control point, and where the outside looks from. */
export function firstPrograms(topology: Topology, layout: Layout): EdgeProgram[] {
  return [
    ...topology.authorities.map((name, index): EdgeProgram => program(name, layout.authorities[index] ?? '', 'gslb/authority.ts', authorityConfig(topology, layout, index))),
    ...edgeResolvers(topology).map((resolver, index): EdgeProgram => {
      const address = layout.resolvers[index] ?? '';
      const { name } = resolver;
      return { role: `resolver-${name}`, address, argv: [`${tools}/unbound`, '-d', '-c', `/world/resolver-${name}.conf`], file: [`resolver-${name}.conf`, resolverConfig(topology, layout, address, resolver)] };
    }),
    { role: 'control', ahead: true, address: layout.control, argv: [...runAhead, ...smallNode, `${inImage}/src/providers/kube/control.ts`, `${layout.control}:${ports.control}`] },
    { role: 'agent', ahead: true, runsK6: true, address: layout.agent, argv: waits },
  ];
}

/** The load balancer and the pilot, which must know where the clusters are. */
export function laterPrograms(topology: Topology, layout: Layout, nodes: Readonly<Record<string, string>>): EdgeProgram[] {
  return [program('gslb', layout.gslb, 'gslb/main.ts', gslbConfig(topology, layout, nodes)), program('pilot', layout.pilot, 'pilot/main.ts', pilotConfig(topology, layout))];
}

function program(role: string, address: string, source: string, config: unknown): EdgeProgram {
  return { role, address, argv: [...smallNode, `${inImage}/src/system/${source}`, `/world/${role}.json`], file: [`${role}.json`, `${JSON.stringify(config, null, 2)}\n`] };
}

/** Starts containers of the edge, each at its own address and labelled with the run. */
export async function startEdge(run: RunOfEdge, image: string, programs: readonly EdgeProgram[], signal: AbortSignal): Promise<void> {
  const [world, errant] = [join(run.dir, 'world'), join(run.dir, 'errant')];
  await mkdir(errant, { recursive: true });
  const k6 = programs.some(({ runsK6 }) => runsK6) ? await findK6() : null;
  await Promise.all(programs.map(async ({ role, ahead, runsK6, address, argv, file }) => {
    if (file) await writeFile(join(world, file[0]), file[1]);
    await docker(['run', '-d', '--name', edgeName(run, role), '--network', networkOf(run), '--ip', address, '--cap-add', 'NET_ADMIN', ...(ahead ? ['--cap-add', 'SYS_NICE', '--cpu-shares', '8192'] : []), '--init', '--stop-timeout', '1',
      '--label', `${labels.run}=${run.id}`, '--label', `${labels.harness}=${process.pid}`, '-v', `${world}:/world:ro`, '-v', `${errant}:/errant`, ...(runsK6 && k6 !== null ? lend(k6) : []), image, ...argv], { signal });
  }));
}

/** This machine's k6, and what it takes to lay a resolver's configuration over the container's for k6 alone: a mount, which the engine's own profile would refuse. */
function lend(k6: string): string[] {
  return ['-v', `${k6}:/usr/local/bin/k6:ro`, '--cap-add', 'SYS_ADMIN', '--security-opt', 'apparmor=unconfined'];
}

/** Gives the checkers their addresses: several places to look from, in one container. */
export async function giveAddresses(run: RunOfEdge, layout: Layout): Promise<void> {
  const script = layout.checkers.map((address) => `${tools}/ip addr replace ${address}/24 dev eth0`).join('\n');
  await must(inContainer(edgeName(run, 'gslb')), ['sh', '-e'], { input: script, timeoutMs: 30_000 });
}

/** Leads the pilot to each database's door when it asks for the address that the database has everywhere: for it, as for the apps, there is one address. */
export async function leadPilot(run: RunOfEdge, layout: Layout, nodes: Readonly<Record<string, string>>): Promise<void> {
  const rules = Object.entries(nodes).map(([region, node]) => `add rule ip doors output ip daddr ${regionOf(layout, region).database} tcp dport ${ports.mesh} dnat to ${node}:${ports.database}`);
  const input = ['add table ip doors', 'add chain ip doors output { type nat hook output priority -100; }', 'flush chain ip doors output', ...rules, ''].join('\n');
  await must(inContainer(edgeName(run, 'pilot')), [`${tools}/nft`, '-f', '-'], { input, timeoutMs: 30_000 });
}
