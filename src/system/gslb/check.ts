import { connect } from 'node:net';
import type { Address } from '../config.ts';

/** One health check of one endpoint, from one source address. */
export interface Check {
  readonly from: string;
  readonly endpoint: Address;
  readonly path: string;
  readonly connectTimeoutMs: number;
  readonly responseTimeoutMs: number;
}

/** What one health check found; `why` is for people. */
export interface Found { readonly ok: boolean; readonly why: string }

/** Connects anew and asks once: ok when TCP connects in time and a 2xx or 3xx status follows in time after that (Route 53: 4 s, then 2 s); never rejects. */
export function check(what: Check): Promise<Found> {
  return new Promise((resolve) => {
    const socket = connect({ host: what.endpoint.host, port: what.endpoint.port, localAddress: what.from });
    const settle = (ok: boolean, why: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ ok, why });
    };
    let timer = setTimeout(() => settle(false, `no connection within ${what.connectTimeoutMs} ms`), what.connectTimeoutMs);
    let text = '';
    socket.on('connect', () => {
      clearTimeout(timer);
      timer = setTimeout(() => settle(false, `no answer within ${what.responseTimeoutMs} ms`), what.responseTimeoutMs);
      socket.write(`GET ${what.path} HTTP/1.1\r\nHost: ${what.endpoint.host}:${what.endpoint.port}\r\nConnection: close\r\n\r\n`);
    });
    socket.setEncoding('latin1').on('data', (chunk: string) => {
      text += chunk;
      const line = /^HTTP\/1\.[01] (\d{3})[^\n]*\n/.exec(text);
      if (line) settle(/^[23]/.test(line[1] ?? ''), `status ${line[1]}`);
      else if (text.includes('\n') || text.length > 5_120) settle(false, 'not an HTTP answer');
    });
    socket.on('error', (error: NodeJS.ErrnoException) => settle(false, error.code ?? error.message));
    socket.on('end', () => settle(false, 'closed without an answer'));
  });
}
