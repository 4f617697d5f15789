import { connect as open, type Socket } from 'node:net';
import { troubleIn, until } from './until.ts';

/** An IP address and a port. */
export interface Address { readonly host: string; readonly port: number }

/** `host:port` taken apart; throws for anything else. */
export function parseAddress(text: string): Address {
  const at = text.lastIndexOf(':');
  const port = Number(text.slice(at + 1));
  if (at < 1 || !Number.isInteger(port) || port < 1 || port > 65_535) throw new Error(`"${text}" is not host:port`);
  return { host: text.slice(0, at), port };
}

/** A new TCP connection from the address `from`; rejects with `connect: CODE`, or `still connecting` when aborted before it stood. */
export function connect(to: Address, from: string, signal: AbortSignal): Promise<Socket> {
  return connected(() => open({ host: to.host, port: to.port, localAddress: from, noDelay: true }), signal);
}

/** A new connection to the Unix socket at a path; rejects as `connect` does. */
export function connectPath(path: string, signal: AbortSignal): Promise<Socket> {
  return connected(() => open({ path }), signal);
}

function connected(begin: () => Socket, signal: AbortSignal): Promise<Socket> {
  return until(signal, 'still connecting', (done, fail) => {
    const socket = begin();
    const failed = (error: Error): void => fail(troubleIn('connect', error));
    socket.once('connect', () => done(socket));
    socket.once('error', failed);
    return () => {
      socket.off('error', failed);
      if (socket.connecting) socket.destroy();
    };
  });
}
