import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { decode, encode, TRUNCATED_RESPONSE, type DecodedPacket, type Packet } from 'dns-packet';
import type { Address } from '../config.ts';

/** Where a nameserver listens, and how to end it. */
export interface Nameserver { readonly address: Address; close(): void }

/** Serves DNS over UDP and TCP on one address (port 0: any free one, the same for both); queries that cannot be read get no answer. */
export async function serveDns(listen: Address, answer: (query: DecodedPacket) => Packet): Promise<Nameserver> {
  const tcp = createServer((socket) => serveStream(socket, answer));
  tcp.listen(listen.port, listen.host);
  await once(tcp, 'listening');
  const { port } = tcp.address() as { port: number };
  const udp = createSocket('udp4');
  udp.on('message', (bytes, from) => {
    const bytesBack = forDatagram(bytes, answer);
    if (bytesBack) udp.send(bytesBack, from.port, from.address, () => {});
  });
  udp.bind(port, listen.host);
  await once(udp, 'listening');
  return { address: { host: listen.host, port }, close: () => { udp.close(); tcp.close(); } };
}

interface Exchange { readonly query: DecodedPacket; readonly packet: Packet; readonly bytes: Buffer }

/** One query answered; null where the bytes are no query, or hold something that cannot be said back. */
function exchange(bytes: Buffer, answer: (query: DecodedPacket) => Packet): Exchange | null {
  try {
    const query = decode(bytes);
    if (query.type !== 'query') return null;
    const packet = answer(query);
    return { query, packet, bytes: encode(packet) };
  } catch {
    return null;
  }
}

/** The reply as a datagram: emptied and marked truncated when the asker takes none of that size. */
function forDatagram(bytes: Buffer, answer: (query: DecodedPacket) => Packet): Buffer | null {
  const done = exchange(bytes, answer);
  if (!done) return null;
  const opt = done.query.additionals?.find((record) => record.type === 'OPT');
  const limit = Math.max(512, opt?.type === 'OPT' ? (opt.udpPayloadSize ?? 512) : 512);
  if (done.bytes.length <= limit) return done.bytes;
  return encode({ ...done.packet, flags: (done.packet.flags ?? 0) | TRUNCATED_RESPONSE, answers: [], authorities: [] });
}

function serveStream(socket: Socket, answer: (query: DecodedPacket) => Packet): void {
  let waiting = Buffer.alloc(0);
  socket.setTimeout(10_000, () => socket.destroy());
  socket.on('error', () => socket.destroy());
  socket.on('data', (bytes: Buffer) => {
    waiting = Buffer.concat([waiting, bytes]);
    while (waiting.length >= 2 && waiting.length >= 2 + waiting.readUInt16BE(0)) {
      const end = 2 + waiting.readUInt16BE(0);
      const done = exchange(waiting.subarray(2, end), answer);
      waiting = waiting.subarray(end);
      if (!done) { socket.destroy(); return; }
      const length = Buffer.alloc(2);
      length.writeUInt16BE(done.bytes.length);
      socket.write(Buffer.concat([length, done.bytes]));
    }
  });
}
