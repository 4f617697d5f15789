import { join } from 'node:path';
import { sensesFromAfar, watchFromAfar } from '../../agent/from-afar.ts';
import { connectAgent, type Agent } from '../../agent/link.ts';
import type { Ask, Dialect } from '../../census.ts';
import { realClock } from '../../clock.ts';
import { here, type Exec } from '../../exec.ts';
import type { Entry, Mark } from '../../history.ts';
import { primaryOf, standbyOf, type Part, type Place, type Topology } from '../../topology.ts';
import type { About, Atlas, Senses, World } from '../../world.ts';
import { asker } from './ask.ts';
import { inContainer } from './docker.ts';
import { smallNode } from './edge.ts';
import { watchEndpoints } from './endpoints.ts';
import { clusterIn, type Ground } from './ground.ts';
import { inImage, tools } from './image.ts';
import { atlasFor, betweenPods, withIstiods } from './layout.ts';
import { makeLevers } from './levers.ts';
import { followLogs, type Log } from './marks.ts';
import { edgeName } from './names.ts';
import type { RunOfWorld } from './open.ts';
import { askPilot } from './operator.ts';
import type { Cluster } from './kind.ts';
import { aheadOf, inNetworkOf, inPod, pidOf } from './pods.ts';

/** What a world of clusters is assembled from. `close` takes it down, or leaves it up where it is to be kept. */
export interface Parts { readonly topology: Topology; readonly run: RunOfWorld; readonly ground: Ground; readonly dialect: Dialect; readonly about: About; close(): Promise<void> }

/** The world over clusters that stand: how they came to be is no concern of it. */
export async function assemble({ topology, run, ground, dialect, about, close }: Parts): Promise<World> {
  const clock = realClock();
  const ask = asker(ground.clusters, dialect.client);
  const agentPids = new Map(await Promise.all([...ground.clusters].map(async ([region, cluster]) => [region, await pidOf(cluster, 'agent')] as const)));
  const gatewayPids = await Promise.all([...ground.clusters.values()].map(async (cluster) => [cluster, await pidOf(cluster, 'gateway')] as const));
  const nodes = Object.fromEntries([...ground.clusters].map(([region, { address }]) => [region, address]));
  const agents = new Map<string, Agent>();
  // What looks must not be slowed by what it looks at; where that is not allowed a busy machine shows in the agents' gaps.
  const edge = await aheadOf(inContainer(edgeName(run, 'agent')), `${tools}/chrt`);
  const nodesAhead = new Map(await Promise.all([...ground.clusters].map(async ([region, { node }]) => [region, await aheadOf(node)] as const)));
  let sink: (entry: Entry) => void = () => {};
  const connectIn = (key: string, place: Place, exec: Exec, atlas: Atlas): Agent => {
    const agent = connectAgent(exec.start([...smallNode, `${inImage}/src/agent/main.ts`]), { clock, place, atlas }, (entry) => sink(entry));
    agents.set(key, agent);
    return agent;
  };
  const agentIn = (place: Place): Agent => agents.get(place)
    ?? connectIn(place, place, place === 'outside' ? edge : inPod({ node: nodesAhead.get(place) ?? clusterIn(ground, place).node }, agentPids.get(place) ?? 0), withIstiods(atlasFor(ground.layout, topology, place, nodes), ground.pods));
  const agentAs = async (place: Place, part: Part): Promise<Agent> => {
    const container = ({ app: 'app', database: 'mysql', gateway: 'gateway' } as const)[part as 'app' | 'database' | 'gateway'];
    const cluster = clusterIn(ground, place);
    if (container === undefined) throw new Error(`${place}/${part} has no address of its own to look from`);
    const pid = await pidOf(cluster, container);
    const key = `${place}/${part}/${pid}`;
    return agents.get(key) ?? connectIn(key, place, inNetworkOf(cluster, pid, agentPids.get(place) ?? 0), betweenPods(atlasFor(ground.layout, topology, place, nodes), ground.pods));
  };
  // A program's first second is its most expensive: it must not fall into what is measured.
  await Promise.all(topology.places.map((place) => agentIn(place).look('reach', ['control', 5_000], 30_000)));
  const events: { stop(): Promise<void> }[] = [];
  let leader = primaryOf(topology).name;
  const follower = () => (leader === primaryOf(topology).name ? standbyOf(topology).name : primaryOf(topology).name);
  return {
    clock, topology, about,
    levers: makeLevers(ground, join(run.dir, 'undo')),
    addressOf: (region) => clusterIn(ground, region).address,
    from: (place) => {
      if (place !== 'outside') clusterIn(ground, place);
      return sensesOf(agentIn(place), (part) => agentAs(place, part), place, dialect, ask);
    },
    watch: (probes, into) => {
      sink = into;
      return watchFromAfar(agentIn, probes);
    },
    inStep: (signal) => dialect.compareCopies(ask, leader, follower(), signal),
    marks: (into) => {
      const mesh = gatewayPids.map(([cluster, pid]) => watchMesh(cluster, pid, agentPids.get(cluster.region) ?? 0, join(run.dir, 'logs')));
      events.push(followLogs([...logsOf(run, topology, ground), ...mesh], clock.originMs, (mark: Mark) => {
        if (mark.who === 'pilot' && (mark.what === 'promoted' || mark.what === 'switched over')) leader = mark.subject;
        into(mark);
      }), ...[...ground.clusters.values()].map((cluster) => watchEndpoints(cluster, 'app', clock.originMs, into)));
    },
    operate: async (step, signal) => {
      const { said, savedTo } = await askPilot(inContainer(edgeName(run, 'pilot')), step, signal, 180_000);
      const shown = (text: string) => text.replaceAll(/(?<!\w)\/errant\//g, 'errant/'); // the run's folder holds what the container knows by that name
      return { said: shown(said), ...(savedTo === undefined ? {} : { savedTo: shown(savedTo) }) };
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...agents.values()].map((agent) => agent.close()));
      for (const follow of events) await follow.stop();
      await close();
    },
  };
}

function sensesOf(agent: Agent, agentAs: (part: Part) => Promise<Agent>, place: Place, dialect: Dialect, ask: Ask): Partial<Senses> {
  const senses = sensesFromAfar(agent);
  return {
    ...senses,
    // A part's own address is its pod's: whoever looks from it stands there.
    reach: async (target, timeoutMs, signal, as) => (as === undefined ? senses : sensesFromAfar(await agentAs(as))).reach(target, timeoutMs, signal),
    ...(place === 'outside' ? {} : { census: async (signal: AbortSignal) => ({ region: place, ...await dialect.takeCensus(ask, place, signal) }) }),
  };
}

/** What a region's gateway thinks of the app's endpoints, said as it changes. It ends when the gateway's pod does, or when it is no longer listened to. */
function watchMesh(cluster: Cluster, gatewayPid: number, agentPid: number, logDir: string): Log {
  const running = inNetworkOf(cluster, gatewayPid, agentPid).start([...smallNode, `${inImage}/src/providers/kube/mesh-watch.ts`, cluster.region, 'outbound|80||app.shop.svc.cluster.local']);
  return { running, file: join(logDir, `${cluster.region}.mesh.log`) };
}

/** The logs of all that acts: containers of the edge, and the app of each region, read in its node. */
function logsOf(run: RunOfWorld, topology: Topology, ground: Ground): Log[] {
  const edge = [...topology.authorities, 'gslb', 'pilot'].map((role) => ({ running: here.start(['docker', 'logs', '-f', edgeName(run, role)]), file: join(run.dir, 'logs', `outside.${role}.log`) }));
  const apps = [...ground.clusters].map(([region, cluster]) => ({
    running: cluster.node.start(['sh', '-c', `exec timeout ${Math.ceil(run.endsWithinMs / 1000)} tail -q -n +1 -F /var/log/pods/shop_app-*/app/0.log 2>/dev/null`]), file: join(run.dir, 'logs', `${region}.app.log`),
  }));
  return [...edge, ...apps];
}
