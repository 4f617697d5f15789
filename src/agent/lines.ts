import { Agent } from 'node:http';
import type { Socket } from 'node:net';
import type { Manner, Target } from '../seen.ts';
import type { Atlas } from '../world.ts';
import { connect, parseAddress, type Address } from './connect.ts';
import { query } from './query.ts';

/** A connection to an HTTP server. `agent` is there on kept ones; `served`: it has carried a whole answer before. */
export interface Line { readonly socket: Socket; readonly address: string; readonly host: string; readonly agent: Agent | null; served: boolean }

/** Connections to where looks are aimed: a new one each, or kept ones by target and resolver, used until they die. */
export interface Lines {
  /** Rejects where no connection came to stand: nothing has been sent then. */
  take(target: Target, manner: Manner, signal: AbortSignal): Promise<Line>;
  /** Gives a line back after a whole answer, if the server keeps it. */
  keep(line: Line, target: Target, manner: Manner): void;
  /** Ends all kept ones that are idle. */
  close(): void;
}

/** Lines from the place of `atlas`. A kept line stays with its address whatever the name says later, as a client's pool does; there is no limit to their number. */
export function makeLines(atlas: Atlas): Lines {
  const idle = new Map<string, Line[]>();
  const remembered = new Map<string, { readonly address: Address; readonly until: number }>();
  const keyOf = (target: Target, manner: Manner): string => JSON.stringify([target, manner.resolver, manner.cache]);
  const find = async (target: Target, manner: Manner, signal: AbortSignal): Promise<Address> => {
    if (manner.cache === undefined) return locate(atlas, target, manner.resolver, signal);
    const key = keyOf(target, manner);
    const known = remembered.get(key);
    if (known && performance.now() < known.until) return known.address;
    const address = await locate(atlas, target, manner.resolver, signal);
    remembered.set(key, { address, until: manner.cache === 'forever' ? Number.POSITIVE_INFINITY : performance.now() + manner.cache });
    return address;
  };
  return {
    async take(target, manner, signal) {
      const kept = manner.connections === 'reused' ? idle.get(keyOf(target, manner)) ?? [] : [];
      for (let line = kept.pop(); line; line = kept.pop()) if (line.socket.writable && !line.socket.readableEnded) return line;
      const address = await find(target, manner, signal);
      const socket = await connect(address, atlas.from, signal);
      const host = target === 'service' ? atlas.service : `${address.host}:${address.port}`;
      return { socket, address: address.host, host, agent: manner.connections === 'reused' ? keeper(socket) : null, served: false };
    },
    keep(line, target, manner) {
      line.served = true;
      const key = keyOf(target, manner);
      const kept = idle.get(key) ?? [];
      kept.push(line);
      idle.set(key, kept);
    },
    close() {
      for (const line of [...idle.values()].flat()) line.socket.destroy();
      idle.clear();
    },
  };
}

/** An HTTP agent for one connection that stands already; it never opens another in its stead. */
function keeper(socket: Socket): Agent {
  let given = false;
  return Object.assign(new Agent({ keepAlive: true, maxSockets: 1 }), {
    createConnection: (_options: unknown, created: (error: Error) => void) => {
      if (given) { process.nextTick(created, new Error('the kept connection has gone')); return undefined; }
      given = true;
      return socket;
    },
  });
}

/** Where a target is now: parts by the atlas, the service by asking the resolver. */
async function locate(atlas: Atlas, target: Target, resolver: string, signal: AbortSignal): Promise<Address> {
  if (target !== 'service') return addressOf(atlas, target);
  const answer = await resolve(atlas, atlas.service, resolver, signal);
  const host = answer.addresses[0];
  if (host === undefined) throw new Error(`resolve: ${answer.rcode === 'NOERROR' ? 'no address' : answer.rcode}`);
  return { host, port: atlas.servicePort };
}

/** What the atlas calls a target: `place/part`, or `place/part/name` of one of several. */
export function nameOf(target: Exclude<Target, 'service'>): string {
  return target === 'control' ? target : `${target.place}/${target.part}${target.only === undefined ? '' : `/${target.only}`}`;
}

/** The address of a part or of the control point; throws where the atlas has none. */
export function addressOf(atlas: Atlas, target: Exclude<Target, 'service'>): Address {
  const name = nameOf(target);
  const address = atlas.parts[name];
  if (address === undefined) throw new Error(`no address is known for ${name}`);
  return parseAddress(address);
}

/** One explicit question to the named resolver or authority; throws where the atlas does not know it. */
export async function resolve(atlas: Atlas, name: string, server: string, signal: AbortSignal) {
  const address = atlas.nameservers[server];
  if (address === undefined) throw new Error(`no address is known for the name server ${server}`);
  return query(name, server, parseAddress(address), atlas.from, signal);
}
