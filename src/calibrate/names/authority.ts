import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import dns from 'dns-packet';
import { hostMs } from '../../clock.ts';
import type { Span } from '../outages/held.ts';

/** An authority for one name, on several ports of 127.0.0.1. A door that is shut answers nobody; who asks at another one is answered as before. */
export interface Authority {
  readonly ports: readonly number[];
  /** Gives the name another address; the moment (ms of the host's clock) lies in the span. */
  move(address: string): Span;
  shut(door: number, shut: boolean): void;
  close(): void;
}

/** The name it answers for, and the zone that holds it. */
export const planted = { zone: 'planted', name: 'service.planted' } as const;

const [recursionAvailable, authoritative] = [1 << 7, 1 << 10];
const soa = { mname: 'ns.planted', rname: 'nobody.planted', serial: 1, refresh: 3_600, retry: 600, expire: 86_400, minimum: 1 };

/** Opens it on as many doors as asked, all free ports. */
export async function openAuthority(doors: number, address: string, ttlS: number): Promise<Authority> {
  let current = address;
  const shut = new Set<number>();
  const sockets = await Promise.all(Array.from({ length: doors }, async (_, door) => {
    const socket = createSocket('udp4');
    socket.on('message', (bytes, from) => {
      if (shut.has(door)) return;
      const said = answer(bytes, current, ttlS);
      if (said) socket.send(said, from.port, from.address, () => {}); // whoever asked may have gone
    });
    socket.bind(0, '127.0.0.1');
    await once(socket, 'listening');
    return socket;
  }));
  return {
    ports: sockets.map((socket: Socket) => socket.address().port),
    move(to) {
      const low = hostMs();
      current = to;
      return { low, high: hostMs() };
    },
    shut: (door, isShut) => { if (isShut) shut.add(door); else shut.delete(door); },
    close: () => { for (const socket of sockets) socket.close(); },
  };
}

// Forwarders want an answer that a recursive server could have given, stubs one of an authority: this is both.
function answer(bytes: Buffer, address: string, ttlS: number): Buffer | null {
  const query = decode(bytes);
  const [question] = query?.questions ?? [];
  if (!query || !question) return null;
  const name = question.name.toLowerCase();
  const known = name === planted.name || name === planted.zone;
  const found: dns.Answer[] = name === planted.name && question.type === 'A' ? [{ type: 'A', name: question.name, ttl: ttlS, data: address }] : [];
  const nothing: dns.Answer[] = found.length > 0 ? [] : [{ type: 'SOA', name: planted.zone, ttl: 1, data: soa }];
  const nameMissing = 3;
  return dns.encode({
    type: 'response', id: query.id ?? 0, flags: authoritative | recursionAvailable | ((query.flags ?? 0) & dns.RECURSION_DESIRED) | (known ? 0 : nameMissing), questions: [question], answers: found, authorities: nothing,
    additionals: (query.additionals ?? []).some(({ type }) => type === 'OPT') ? [{ type: 'OPT', name: '.', udpPayloadSize: 1_232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }] : [],
  });
}

function decode(bytes: Buffer): dns.Packet | null {
  try { return dns.decode(bytes); } catch { return null; }
}
