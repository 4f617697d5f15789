import { randomInt } from 'node:crypto';
import type { Socket } from 'node:net';
import dns from 'dns-packet';
import type { Reach, ReachSeen, Target } from '../seen.ts';
import type { Atlas } from '../world.ts';
import { connect, connectPath } from './connect.ts';
import { addressOf, nameOf } from './lines.ts';
import { until } from './until.ts';

/** Connects and says one thing, within `timeoutMs` for both; tells how that fared. Throws for what has no fixed address, and when aborted from outside. */
export async function reach(atlas: Atlas, target: Target, timeoutMs: number, signal: AbortSignal, from: string = atlas.from): Promise<ReachSeen> {
  if (target === 'service') throw new Error('the service has no address of its own: reach one of its parts');
  const to = nameOf(target);
  const path = atlas.sockets?.[to];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  let socket: Socket;
  try {
    socket = path === undefined ? await connect(addressOf(atlas, target), from, limit) : await connectPath(path, limit);
  } catch (error) {
    signal.throwIfAborted();
    return { to, reach: unreached(error) };
  }
  const answered = await answers(socket, greetingFor(target), limit);
  signal.throwIfAborted();
  return { to, reach: answered ? 'ok' : 'accepts-but-dead' };
}

function unreached(error: unknown): Reach {
  const code = ((error as Error).cause as { code?: unknown } | undefined)?.code;
  if (code === undefined && (error as Error).message !== 'still connecting') throw error;
  if (code === 'ECONNREFUSED' || code === 'ECONNRESET' || code === 'ENOENT') return 'refused';
  return code === 'EHOSTUNREACH' || code === 'ENETUNREACH' ? 'unreachable' : 'silent';
}

/** What to say so that a live server must answer; a database speaks first. Not /health: that may ask others, and this is about the server alone. */
function greetingFor(target: Exclude<Target, 'service'>): Buffer | null {
  const part = target === 'control' ? 'app' : target.part;
  if (part === 'database') return null;
  if (part !== 'resolver' && part !== 'authorities') return Buffer.from('GET / HTTP/1.1\r\nhost: reach\r\nconnection: close\r\n\r\n');
  const question = dns.encode({ type: 'query', id: randomInt(65_536), questions: [{ type: 'SOA', name: '.' }] });
  const length = Buffer.alloc(2);
  length.writeUInt16BE(question.length);
  return Buffer.concat([length, question]);
}

/** Whether anything at all came back. */
function answers(socket: Socket, greeting: Buffer | null, limit: AbortSignal): Promise<boolean> {
  return until<boolean>(limit, 'still waiting', (done) => {
    socket.on('data', () => done(true));
    socket.on('error', () => done(false));
    socket.on('close', () => done(false));
    if (greeting) socket.write(greeting);
    return () => { socket.destroy(); };
  }).catch(() => false);
}
