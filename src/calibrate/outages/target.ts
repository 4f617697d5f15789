// A program whose HTTP servers can be taken away and brought back: lines of JSON in and out. {"listen":[port,...],"backlog":n} says {"listening":true} or
// {"error":...}; {"id":n,"server":i,"mode":...,"lateMs":ms} says {"id":n,"before":ms,"after":ms}, the host's clock before and after the change.
// It also says {"stalled":{low,high}} when it stood still by itself: then the target was away, though nobody had taken it.
import { createServer, type Server } from 'node:http';
import { createInterface } from 'node:readline';
import { hostMs } from '../../clock.ts';
import { arrived, type Span } from './held.ts';
import { pulseMs, untoldMs } from './pulse.ts';

/** Refused: nothing listens. Reset: connections end in the middle of a request. Slow: answers come after everybody's time is up. Late: they come `lateMs` after the request. Hangs: they never come. */
export type TargetMode = 'up' | 'refused' | '503' | 'reset' | 'slow' | 'late' | 'hangs';
export type ToTarget = { readonly listen: readonly number[]; readonly backlog: number } | { readonly id: number; readonly server: number; readonly mode: TargetMode; readonly lateMs: number };
export type FromTarget = { readonly listening: true } | { readonly error: string } | { readonly id: number; readonly before: number; readonly after: number } | { readonly stalled: Span };

interface Stand { readonly server: Server; readonly port: number; readonly backlog: number; mode: TargetMode; lateMs: number }
const stands: Stand[] = [];
const say = (message: FromTarget): void => { process.stdout.write(`${JSON.stringify(message)}\n`); };

createInterface({ input: process.stdin }).on('line', (line) => { void obey(JSON.parse(line) as ToTarget); }).on('close', () => process.exit(0));

/** Longer than anybody waits (ms). */
const slowMs = 1_500;
let pulse = hostMs();
setInterval(() => {
  const now = hostMs();
  if (now - pulse > untoldMs) say({ stalled: { low: pulse, high: now } });
  pulse = now;
}, pulseMs);

async function obey(message: ToTarget): Promise<void> {
  try {
    if ('listen' in message) {
      for (const port of message.listen) stands.push(await open(port, message.backlog));
      say({ listening: true });
    } else {
      const stand = stands[message.server] as Stand;
      const before = hostMs();
      await turn(stand, message.mode);
      stand.lateMs = message.lateMs;
      say({ id: message.id, before, after: hostMs() });
    }
  } catch (error) {
    say({ error: String(error) });
  }
}

async function open(port: number, backlog: number): Promise<Stand> {
  const server = createServer((request, response) => {
    if (stand.mode === 'hangs') return;
    if (stand.mode === 'reset') { request.socket.resetAndDestroy(); return; }
    response.writeHead(stand.mode === '503' ? 503 : 200, { 'x-served-by': arrived(hostMs()) });
    if (stand.mode === 'slow' || stand.mode === 'late') setTimeout(() => response.end('ok'), stand.mode === 'slow' ? slowMs : stand.lateMs);
    else response.end('ok');
  });
  const stand: Stand = { server, port, backlog, mode: 'up', lateMs: 0 };
  await listen(stand);
  return stand;
}

function listen({ server, port, backlog }: Stand): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', backlog }, () => { server.off('error', reject); resolve(); });
  });
}

async function turn(stand: Stand, mode: TargetMode): Promise<void> {
  if (mode === 'refused') {
    stand.server.close();
    stand.server.closeAllConnections();
  } else if (stand.mode === 'refused') {
    await listen(stand);
  }
  stand.mode = mode;
}
