import { cpus, totalmem } from 'node:os';
import { lackingForScripts } from '../../agent/k6/needs.ts';
import { here, must } from '../../exec.ts';
import { DrillError } from '../../errors.ts';
import type { Topology } from '../../topology.ts';
import type { About, Provider } from '../../world.ts';
import { mysql } from '../../census/mysql.ts';
import { asker } from './ask.ts';
import { isCalm } from './calm.ts';
import { cannot } from './cannot.ts';
import type { Images } from './images.ts';
import { readImages } from './images.ts';
import { listClusters, ownerOf } from './kind.ts';
import { findKept, keptName, leaveKept, recipeOf } from './kept.ts';
import { withClusterResolvers } from './layout.ts';
import { clusterOf, type Named } from './names.ts';
import { findShortfalls } from './needs.ts';
import { findRemains, lives, removeRemains } from './remains.ts';
import { assemble } from './world.ts';

/** Real clusters, one a region, in one mesh, with replicated MySQL; everything outside in containers beside them. Needs a container engine. */
export const kind: Provider = {
  name: 'kind',
  levers: new Set(['cut', 'kill', 'freeze', 'stall', 'sever']),
  senses: new Set(['http', 'resolve', 'append', 'update', 'read', 'status', 'census', 'reach', 'crowd']),
  outsideOnly: new Set(['crowd']),
  refuses,
  cannot,
  shortfalls: async (probes = []) => [...await findShortfalls(), ...await lackingForScripts(probes)],
  adapt: suit,
  open: async (asked, run, say, signal) => {
    const topology = suit(asked);
    const images = await readImages();
    const recipe = await recipeOf(topology, images);
    if (run.keep !== true) await refuseStrangers(topology, run);
    const kept = run.keep === true ? await findKept(run, topology, recipe) : null;
    const takeDown = async () => removeRemains((await findRemains()).filter((one) => one.run === run.id));
    // The client of Kubernetes is big: who drills elsewhere should not carry it.
    const { openGround } = await import('./open.ts');
    try {
      const ground = await openGround({ topology, run, images, say, signal, kept, recipe, ask: (clusters) => asker(clusters, mysql.client) });
      const close = run.keep === true ? () => leaveKept(run, topology, recipe) : takeDown;
      const world = await assemble({ topology, run, ground, dialect: mysql, about: await describe(images), close });
      if (!await isCalm(run, ground, topology, signal)) say('this machine is busy: looks may be late');
      return world;
    } catch (error) {
      await takeDown();
      throw error;
    }
  },
  sweep: async (runId) => {
    const remains = (await findRemains()).filter((one) => (runId === undefined ? !one.kept && !lives(one.harness) : one.run === runId || (one.kept && runId === keptName)));
    await removeRemains(remains);
    return remains.map(({ what, name, run }) => `${what} ${name} of run ${run}`);
  },
  leftovers: async (runId) => (await findRemains()).filter((one) => one.run === runId && !one.kept).map(({ what, name }) => `${what} ${name}`),
};

function refuses({ settings: { failover } }: Topology): string | null {
  if (failover.witnesses.length > 0) return 'cannot place witnesses: it has no program of its own in a cluster that asks the other one\'s database';
  if (failover.decide === 'runbook') return 'cannot run a runbook: its failover controller stands in a container without the databases\' own client programs';
  return failover.fence === 'lease' ? 'cannot lend a lease: that has been tried in the embedded world alone' : null;
}

/** What stands in the clusters is MySQL, each cluster's resolver can be asked from outside, it takes as many connections as its manifest says, and the clusters stand side by side on one machine. */
function suit(topology: Topology): Topology {
  return { ...withClusterResolvers(topology), settings: { ...topology.settings, network: { distance: 0 }, database: { ...topology.settings.database, engine: 'mysql', maxConnections: 300 } } };
}

/** A cluster of a name that we would use, without our marker: somebody else's, and not to be touched. */
async function refuseStrangers(topology: Topology, run: Named): Promise<void> {
  const there = new Set(await listClusters());
  for (const { name } of topology.regions) {
    const cluster = clusterOf(run, name);
    if (!there.has(cluster)) continue;
    const owner = await ownerOf(cluster);
    throw new DrillError('notReady', { message: `a cluster ${cluster} is there already, ${owner ? `of run ${owner.run}` : 'and is not ours'}`, hint: owner ? `regionfall sweep ${owner.run}` : `rename it, or delete it yourself: kind delete cluster --name ${cluster}` });
  }
}

async function describe(images: Images): Promise<About> {
  const [kindVersion, docker] = await Promise.all([must(here, ['kind', 'version']), must(here, ['docker', 'version', '-f', '{{.Server.Version}}'])]);
  return {
    versions: { kind: /v[\d.]+/.exec(kindVersion)?.[0] ?? kindVersion, docker, node: images.node, istio: images.istio.tag, mysql: images.mysql },
    machine: { cpus: cpus().length, memoryGiB: Math.round(totalmem() / 2 ** 30), arch: process.arch },
  };
}
