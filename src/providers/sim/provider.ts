import type { Provider, World } from '../../world.ts';
import { openWorld } from './world.ts';

/** A simulated world for each run, in memory and in virtual time. Without a seed of its own, a run's id is its seed. */
export function simulation(seed?: string): Provider {
  const open = new Map<string, World>();
  const close = async (id: string) => { await open.get(id)?.[Symbol.asyncDispose](); return `the simulated world of ${id}`; };
  return {
    name: 'sim',
    levers: new Set(['cut', 'kill', 'freeze', 'overwrite']),
    senses: new Set(['http', 'resolve', 'append', 'update', 'read', 'status', 'census', 'reach']),
    refuses: ({ settings }) => (settings.failover.decide === 'runbook' ? 'cannot run a runbook: it has no shell' : null),
    shortfalls: async () => [],
    open: async (topology, run, say, signal) => {
      signal.throwIfAborted();
      if (open.has(run.id)) throw new Error(`the simulated world of ${run.id} is open already`);
      const world = openWorld(topology, seed ?? run.id, run.dir, () => { open.delete(run.id); });
      open.set(run.id, world);
      say('simulated: two regions in memory, virtual time');
      return world;
    },
    // Nothing of it outlives the process, so there is nothing but this process's own to end.
    sweep: async (runId) => Promise.all((runId === undefined ? [] : [runId].filter((id) => open.has(id))).map(close)),
    leftovers: async (runId) => (open.has(runId) ? [`the simulated world of ${runId} is open`] : []),
  };
}

/** The world that needs nothing: in memory, virtual time, deterministic. */
export const sim: Provider = simulation();
