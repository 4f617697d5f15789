import { createServer, request as httpRequest, type IncomingMessage, type Server } from 'node:http';
import { z } from 'zod';
import type { Address } from '../config.ts';

/** What a control API answers: a status, and a JSON body. */
export interface Reply { readonly status: number; readonly body: unknown }

/** What a control API does on `METHOD /path`; a thrown ZodError becomes 400. */
export type Routes = Readonly<Record<string, (body: unknown) => Reply>>;

/** Serves a small JSON API; rejects when the address is taken. */
export function serveControl(listen: Address, routes: Routes): Promise<Server> {
  const server = createServer((request, response) => {
    void dispatch(routes, request).then(({ status, body }) => {
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify(body));
    });
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(listen.port, listen.host, () => resolve(server));
  });
}

async function dispatch(routes: Routes, request: IncomingMessage): Promise<Reply> {
  const route = routes[`${request.method} ${(request.url ?? '').split('?')[0]}`];
  if (!route) return { status: 404, body: { error: `no ${request.method} ${request.url} here` } };
  try {
    const text = await readAll(request);
    return route(text === '' ? undefined : JSON.parse(text));
  } catch (error) {
    return { status: 400, body: { error: error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message } };
  }
}

/** One call to a control API on a connection of its own, from the address `from`; rejects when no whole answer comes within `timeoutMs`. */
export function call(method: string, to: Address, path: string, body: unknown, timeoutMs: number, from?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ method, host: to.host, port: to.port, path, agent: false, signal: AbortSignal.timeout(timeoutMs), ...(from === undefined ? {} : { localAddress: from }) }, (response) => {
      readAll(response).then((text) => resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as unknown })).catch(reject);
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

async function readAll(stream: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of stream.setEncoding('utf8')) text += chunk as string;
  return text;
}
