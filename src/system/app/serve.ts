import { createServer, type IncomingMessage, type Server } from 'node:http';
import { z } from 'zod';
import type { Health } from './health.ts';
import { append, recent, seen, type Patience } from './orders.ts';
import type { Pool } from './pool.ts';
import { setRegister } from './registers.ts';

/** What the HTTP side needs of the rest. */
export interface Shop { readonly region: string; readonly writes: Pool; readonly reads: Pool; readonly health: Health; readonly patience: Patience }

interface Reply { readonly status: number; readonly body: Readonly<Record<string, unknown>> }

const orderSchema = z.object({ writer: z.string().min(1).max(64), number: z.int().min(0), attempt: z.int().min(0) });
const settingSchema = z.object({ group: z.string().min(1).max(64), slot: z.int().min(0), writer: z.string().min(1).max(64), number: z.int().min(0) });
const seenSchema = z.object({ writer: z.string().min(1).max(64), from: z.coerce.number().int().min(0) });
const statusOf = { acked: 200, refused: 503, indeterminate: 504 } as const;

/** The app's HTTP server, not yet listening; every answer says in `x-served-by` which region gave it. */
export function makeServer(shop: Shop): Server {
  const server = createServer((request, response) => {
    void answer(shop, request).then(({ status, body }) => {
      const text = JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text), 'x-served-by': shop.region });
      response.end(text);
    });
  });
  // Clients that keep connections look again within seconds; the server must not be the one that ends them.
  server.keepAliveTimeout = 120_000;
  return server;
}

async function answer(shop: Shop, request: IncomingMessage): Promise<Reply> {
  const url = new URL(request.url ?? '/', 'http://app');
  try {
    switch (`${request.method} ${url.pathname}`) {
      case 'GET /health': return await sayHealth(shop);
      case 'GET /orders': return { status: 200, body: { region: shop.region, ...await recent(shop.reads, shop.patience) } };
      case 'GET /orders/seen': return await saySeen(shop, url.searchParams);
      case 'POST /orders': return await takeOrder(shop, await readBody(request));
      case 'POST /registers': return await takeSetting(shop, await readBody(request));
      default: return { status: 404, body: { error: `no ${request.method} ${url.pathname} here` } };
    }
  } catch (error) {
    return { status: 503, body: { region: shop.region, error: (error as Error).message } };
  }
}

async function sayHealth(shop: Shop): Promise<Reply> {
  const { healthy, why } = await shop.health();
  return { status: healthy ? 200 : 503, body: { region: shop.region, healthy, why } };
}

async function saySeen(shop: Shop, query: URLSearchParams): Promise<Reply> {
  const asked = seenSchema.safeParse({ writer: query.get('writer') ?? '', from: query.get('from') ?? '0' });
  if (!asked.success) return { status: 400, body: { error: z.prettifyError(asked.error) } };
  return { status: 200, body: await seen(shop.reads, asked.data.writer, asked.data.from, shop.patience) };
}

async function takeOrder(shop: Shop, text: string): Promise<Reply> {
  const order = parse(orderSchema, text);
  if (!order.success) return { status: 400, body: { outcome: 'refused', error: z.prettifyError(order.error) } };
  const written = await append(shop.writes, order.data, shop.region, shop.patience);
  return { status: statusOf[written.outcome], body: written };
}

async function takeSetting(shop: Shop, text: string): Promise<Reply> {
  const setting = parse(settingSchema, text);
  if (!setting.success) return { status: 400, body: { outcome: 'refused', error: z.prettifyError(setting.error) } };
  const written = await setRegister(shop.writes, setting.data, shop.region, shop.patience);
  return { status: statusOf[written.outcome], body: written };
}

function parse<T extends z.ZodType>(schema: T, text: string) {
  try {
    return schema.safeParse(JSON.parse(text));
  } catch {
    return schema.safeParse(undefined);
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk as string;
    if (text.length > 65_536) throw new Error('the body is too long');
  }
  return text;
}
