import { z } from 'zod';
import type { ReadSeen } from '../seen.ts';
import type { Place } from '../topology.ts';
import type { Atlas, Senses } from '../world.ts';
import { appendThroughApp } from './append.ts';
import { makeDirect } from './direct.ts';
import { exchange } from './exchange.ts';
import { addressOf, makeLines, resolve } from './lines.ts';
import { reach } from './reach.ts';
import { updateThroughApp } from './set.ts';

/** What an agent can be asked to look with. It takes no census: that needs the database's own commands, inside its place. A crowd is only ever watched. */
export type AgentSenses = Omit<Senses, 'census' | 'crowd'>;

const readAnswer = z.object({ server: z.union([z.string(), z.number()]).nullish(), numbers: z.array(z.tuple([z.number(), z.number()])) });

/** Real looks over real sockets from `place`, to what `atlas` knows. Names are resolved by an explicit question to the named resolver, never by this machine's own settings. */
export function openSenses(atlas: Atlas, place: Place): AgentSenses & { close(): void } {
  const lines = makeLines(atlas);
  const direct = makeDirect(atlas);
  return {
    async http(target, path, manner, signal) {
      const line = await lines.take(target, manner, signal);
      const connection = line.served ? 'reused' as const : 'new' as const;
      const answer = await exchange(line, { method: 'GET', path }, signal);
      if (answer.keeps) lines.keep(line, target, manner);
      return { status: answer.status, servedBy: answer.servedBy, connection, address: line.address };
    },
    resolve: (name, server, signal) => resolve(atlas, name, server, signal),
    append: (target, write, manner, via, signal) => (via === 'app' ? appendThroughApp(lines, target, write, manner, signal) : direct.append(target, write, signal)),
    update: (target, update, manner, signal) => (typeof target === 'object' && target.part === 'database' ? direct.update(target, update, signal) : updateThroughApp(lines, target, update, manner, signal)),
    async read(target, writer, from, manner, signal) {
      if (typeof target === 'object' && target.part === 'database') return direct.read(target, writer, from, signal);
      const line = await lines.take(target, manner, signal);
      const answer = await exchange(line, { method: 'GET', path: `/orders/seen?writer=${encodeURIComponent(writer)}&from=${from}` }, signal);
      if (answer.keeps) lines.keep(line, target, manner);
      if (answer.status !== 200) throw new Error(`status ${answer.status}`);
      const { server, numbers } = readAnswer.parse(JSON.parse(answer.body));
      return { writer, from, numbers, server: server === undefined || server === null ? null : String(server) } satisfies ReadSeen;
    },
    status: (target, signal) => direct.status(target, signal),
    reach: (target, timeoutMs, signal, as) => reach(atlas, target, timeoutMs, signal, as === undefined ? atlas.from : addressOf(atlas, { place, part: as }).host),
    close() {
      lines.close();
      direct.close();
    },
  };
}
