import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { lackingForScripts } from '../../agent/k6/needs.ts';
import type { Provider } from '../../world.ts';
import { findEngines } from './choose-engine.ts';
import { endHolder, findHolders } from './holder.ts';
import { findShortfalls } from './needs.ts';
import { openWorld } from './world.ts';

/** Real databases, names and services in Linux network namespaces of their own: needs root and a few packages, and no container engine. */
export const embedded: Provider = {
  name: 'embedded',
  levers: new Set(['cut', 'kill', 'freeze', 'overwrite']),
  senses: new Set(['http', 'resolve', 'append', 'update', 'read', 'status', 'census', 'reach', 'crowd']),
  shortfalls: async (probes = [], topology) => [...await findShortfalls(topology), ...await lackingForScripts(probes)],
  finds: findEngines,
  open: async (topology, run, say, signal) => {
    await mkdir(join(run.dir, 'logs'), { recursive: true });
    await mkdir(join(run.dir, 'world'), { recursive: true });
    return openWorld(topology, run, say, signal).catch(async (error: unknown) => { await endHolder(run.id); throw error; });
  },
  sweep: async (runId) => {
    const holders = (await findHolders()).filter((holder) => (runId === undefined ? !lives(holder.harnessPid) : holder.runId === runId));
    for (const holder of holders) await endHolder(holder.runId);
    return holders.map((holder) => `the namespaces of run ${holder.runId}, with all that ran in them`);
  },
  leftovers: async (runId) => (await findHolders()).filter((holder) => holder.runId === runId).map((holder) => `process ${holder.pid}, which holds the namespaces of run ${runId}`),
};

function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
