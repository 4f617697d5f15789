import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { Outcome } from '../../seen.ts';

export const home = '127.0.0.1';
/** Who the app says it is. */
export const served = 'planted-app';

/** Every status that is answered, and whether a user got the page (RFC 9110, section 15.3). */
export const pages = [
  ...[200, 201, 204, 299].map((status) => ({ status, good: true })), ...[300, 301, 302, 304, 399, 400, 404, 499, 500, 503].map((status) => ({ status, good: false })),
] as const;

/** What the app does with a write or an update, what may be said of it then, and whether it told so in a whole answer of its own. */
export const fates = {
  'acked': { outcome: 'acked', told: true },
  'refused by the app': { outcome: 'refused', told: true },
  'acked, it says, with a 500': { outcome: 'indeterminate', told: true },
  'refused, it says, with a 200': { outcome: 'indeterminate', told: true },
  'nobody knows, with a 503': { outcome: 'indeterminate', told: true },
  'a bare 503': { outcome: 'indeterminate', told: false },
  'cut off': { outcome: 'indeterminate', told: false },
  'half an answer': { outcome: 'indeterminate', told: false },
  'no answer': { outcome: 'indeterminate', told: false },
  'nobody listens': { outcome: 'refused', told: false },
} as const satisfies Readonly<Record<string, { readonly outcome: Outcome; readonly told: boolean }>>;
export type Fate = keyof typeof fates;

/** What an update by this number took the place of. */
export const setBefore = (number: number): (string | null)[] => (number % 3 === 0 ? [null] : [`other:${number}`, number % 2 === 0 ? `other:${number - 1}` : null]);

/** An app that treats the next writes as told. `last`: whether the connection of its last page had been used before, and from which number on it was last asked for rows. */
export interface App { readonly port: number; treat(fate: Fate): void; has(numbers: readonly (readonly number[])[] | null): void; last(): { readonly again: boolean; readonly from: number }; close(): void }

/** Opens it on a free port of 127.0.0.1. */
export async function openApp(): Promise<App> {
  const used = new WeakSet<Socket>();
  let [fate, numbers, again, from]: [Fate, readonly (readonly number[])[] | null, boolean, number] = ['acked', [], false, 0];
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://planted');
    const before = used.has(request.socket);
    used.add(request.socket);
    if (request.method === 'POST') void treat(request, response, fate, pathname);
    else if (pathname.startsWith('/page/')) {
      again = before;
      response.writeHead(Number(pathname.slice('/page/'.length)), { 'x-served-by': served }).end();
    } else {
      from = Number(searchParams.get('from'));
      response.writeHead(numbers ? 200 : 500).end(JSON.stringify({ server: 7, numbers: numbers ?? [] }));
    }
  });
  await new Promise<void>((resolve) => { server.listen(0, home, resolve); });
  return {
    port: (server.address() as AddressInfo).port, treat: (next) => { fate = next; }, has: (next) => { numbers = next; }, last: () => ({ again, from }),
    close: () => { server.closeAllConnections(); server.close(); },
  };
}

async function treat(request: IncomingMessage, response: ServerResponse, fate: Fate, path: string): Promise<void> {
  let body = '';
  for await (const text of request.setEncoding('utf8')) body += String(text);
  const { number } = JSON.parse(body) as { number: number };
  const say = (status: number, told: object): void => { response.writeHead(status, { 'x-served-by': served }).end(JSON.stringify(told)); };
  const acked = { outcome: 'acked', server: path === '/orders' ? '7' : 7, gtid: `0-7-${number}`, ...(path === '/registers' ? { found: setBefore(number) } : {}) };
  switch (fate) {
    case 'acked': say(200, acked); return;
    case 'refused by the app': say(503, { outcome: 'refused' }); return;
    case 'acked, it says, with a 500': say(500, acked); return;
    case 'refused, it says, with a 200': say(200, { outcome: 'refused' }); return;
    case 'nobody knows, with a 503': say(503, { outcome: 'indeterminate' }); return;
    case 'a bare 503': response.writeHead(503).end('upstream connect error'); return;
    case 'cut off': request.socket.destroy(); return;
    case 'half an answer': response.writeHead(200, { 'content-length': 100 }).write('{"outcome":"acked"', () => request.socket.destroy()); return;
    default: // and no answer
  }
}
