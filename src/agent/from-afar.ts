import type { Place } from '../topology.ts';
import type { BoundProbe, Senses } from '../world.ts';
import type { Agent } from './link.ts';
import type { Asked } from './protocol.ts';

/** The senses of an agent, each a look that is asked for over its pipe with a limit of its own beyond which the agent itself is late. It takes no census, and a crowd is only ever watched. */
export function sensesFromAfar(agent: Agent): Omit<Senses, 'census' | 'crowd'> {
  const look = <T>(sense: Asked, args: readonly unknown[], timeoutMs: number) => agent.look(sense, args, timeoutMs) as Promise<T>;
  return {
    http: (target, path, manner) => look('http', [target, path, manner], 10_000),
    resolve: (name, server) => look('resolve', [name, server], 5_000),
    append: (target, write, manner, via) => look('append', [target, write, manner, via], 15_000),
    update: (target, update, manner) => look('update', [target, update, manner], 15_000),
    read: (target, writer, from, manner) => look('read', [target, writer, from, manner], 10_000),
    status: (target) => look('status', [target], 10_000),
    reach: (target, timeoutMs, _signal, as) => look('reach', as === undefined ? [target, timeoutMs] : [target, timeoutMs, as], timeoutMs + 2_000),
  };
}

/** Has the agent of each place take the probes of that place; resolves when all of them tick. `stop`: those of these names, or all. */
export async function watchFromAfar(agentIn: (place: Place) => Agent, probes: readonly BoundProbe[]): Promise<{ stop(names?: readonly string[]): Promise<void> }> {
  const byPlace = [...Map.groupBy(probes, (probe) => probe.place)];
  await Promise.all(byPlace.map(([place, own]) => agentIn(place).start(own)));
  return {
    async stop(names) {
      const mine = byPlace.map(([place, own]) => [place, own.map(({ name }) => name).filter((name) => names === undefined || names.includes(name))] as const);
      await Promise.all(mine.filter(([, own]) => own.length > 0).map(([place, own]) => agentIn(place).stop(own)));
    },
  };
}
