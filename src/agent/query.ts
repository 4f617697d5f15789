import { createSocket, type Socket } from 'node:dgram';
import { randomInt } from 'node:crypto';
import dns from 'dns-packet';
import type { DnsSeen } from '../seen.ts';
import { connect, type Address } from './connect.ts';
import { troubleIn, until } from './until.ts';

const recursionDesired = 1 << 8;
/** RFC 8914: the option that says why, such as 3, a stale answer. */
const extendedError = 15;
/** Room for an answer in one unfragmented datagram (the DNS flag day's figure). */
const datagramBytes = 1_232;

/** Asks one server once for the addresses of a name: over UDP, and over TCP where the answer did not fit. Any answer is one; silence and ICMP reject. */
export async function query(name: string, server: string, to: Address, from: string, signal: AbortSignal): Promise<DnsSeen> {
  const id = randomInt(65_536);
  const question = dns.encode({
    type: 'query', id, flags: recursionDesired, questions: [{ type: 'A', name }],
    additionals: [{ type: 'OPT', name: '.', udpPayloadSize: datagramBytes, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }],
  });
  const short = await overUdp(question, id, to, from, signal);
  return say(server, short.flag_tc ? await overTcp(question, id, to, from, signal) : short);
}

function overUdp(question: Buffer, id: number, to: Address, from: string, signal: AbortSignal): Promise<dns.DecodedPacket> {
  return until(signal, 'still resolving', (done, fail) => {
    // Addresses are given as numbers: nothing is to be looked up on the way to a look-up.
    const socket = createSocket({ type: 'udp4', lookup: (host, _options, found) => found(null, host, 4) });
    const failed = (error: Error): void => fail(troubleIn('resolve', error));
    let open = true;
    socket.on('error', failed);
    socket.on('message', (bytes) => {
      const packet = decode(bytes, id);
      if (packet) done(packet);
    });
    socket.bind(0, from, () => { if (open) send(socket, question, to, () => open, failed); });
    return () => {
      if (open) socket.close();
      open = false;
    };
  });
}

function send(socket: Socket, question: Buffer, to: Address, stillOpen: () => boolean, failed: (error: Error) => void): void {
  // Connected, so that a closed port is told by ICMP and no other sender is heard.
  socket.connect(to.port, to.host, (error?: Error) => {
    if (error) failed(error);
    else if (stillOpen()) socket.send(question, (sent) => { if (sent) failed(sent); });
  });
}

async function overTcp(question: Buffer, id: number, to: Address, from: string, signal: AbortSignal): Promise<dns.DecodedPacket> {
  const socket = await connect(to, from, signal);
  return until(signal, 'still resolving over TCP', (done, fail) => {
    let got = Buffer.alloc(0);
    socket.on('error', (error) => fail(troubleIn('resolve', error)));
    socket.on('close', () => fail(new Error('resolve: answer cut short')));
    socket.on('data', (bytes: Buffer) => {
      got = Buffer.concat([got, bytes]);
      if (got.length < 2 || got.length < 2 + got.readUInt16BE(0)) return;
      const packet = decode(got.subarray(2, 2 + got.readUInt16BE(0)), id);
      if (packet) done(packet);
      else fail(new Error('resolve: not an answer to this question'));
    });
    const length = Buffer.alloc(2);
    length.writeUInt16BE(question.length);
    socket.write(Buffer.concat([length, question]));
    return () => { socket.destroy(); };
  });
}

function decode(bytes: Buffer, id: number): dns.DecodedPacket | null {
  try {
    const packet = dns.decode(bytes);
    return packet.id === id && packet.type === 'response' ? packet : null;
  } catch {
    return null;
  }
}

function say(server: string, packet: dns.DecodedPacket): DnsSeen {
  const found = (packet.answers ?? []).filter((answer): answer is dns.StringAnswer => answer.type === 'A');
  const ttls = found.map((answer) => answer.ttl ?? 0);
  const { rcode } = packet as { rcode?: string };
  return {
    server, addresses: found.map((answer) => answer.data), ttl: ttls.length > 0 ? Math.min(...ttls) : null,
    rcode: rcode ?? 'NOERROR', ede: extendedErrorOf(packet),
  };
}

function extendedErrorOf(packet: dns.DecodedPacket): number | null {
  for (const extra of packet.additionals ?? []) {
    if (extra.type !== 'OPT') continue;
    const option = (extra.options as readonly { code: unknown; data?: Buffer }[]).find((one) => Number(one.code) === extendedError);
    if (option?.data && option.data.length >= 2) return option.data.readUInt16BE(0);
  }
  return null;
}
