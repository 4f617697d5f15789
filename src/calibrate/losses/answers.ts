import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { openSenses } from '../../agent/senses.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import type { Outcome, Target, Write } from '../../seen.ts';

/** What a real app does with a write, whether it is committed then, and what may be said of it. */
const fates = {
  'acked': { commits: true, may: ['acked'] },
  'refused by the app': { commits: false, may: ['refused'] },
  'committed, then cut off': { commits: true, may: ['indeterminate'] },
  'cut off before': { commits: false, may: ['indeterminate', 'refused'] },
  'committed, half an answer': { commits: true, may: ['indeterminate'] },
  'committed, a bare 503': { commits: true, may: ['indeterminate'] },
  'committed, no answer': { commits: true, may: ['indeterminate'] },
  'nobody listens': { commits: false, may: ['refused'] },
} as const satisfies Readonly<Record<string, { readonly commits: boolean; readonly may: readonly Outcome[] }>>;
type Fate = keyof typeof fates;
const fateNames = Object.keys(fates) as Fate[];

/** One look of which the server knows the truth. */
export interface Answered { readonly kind: 'writes, as they fared' | 'connections, new and kept'; readonly misses: readonly string[] }

const home = '127.0.0.1';
const app: Target = { place: 'planted', part: 'app' };
/** Where nobody listens. */
const nobody: Target = { place: 'planted', part: 'database' };
/** How long a look may take that nobody will answer, and any other, however busy the machine (ms). */
const [shortMs, longMs] = [250, 5_000];
const atOnce = 10;

/** Has a real server on 127.0.0.1 treat writes in every way there is, on new and kept connections, and compares what the agent's senses say with what it knows. */
export async function plantAnswers(open: typeof openSenses, count: number, seed: string): Promise<Answered[]> {
  const random = makeRandom(`answers ${seed}`);
  const drawn = Array.from({ length: count }, () => fateNames[Math.floor(random() * fateNames.length)] as Fate);
  const server = await startServer(drawn);
  const atlas = { service: '', servicePort: 1, parts: { 'planted/app': `${home}:${server.port}`, 'planted/database': `${home}:1` }, nameservers: {}, from: home, database: { user: '', password: '', schema: '' } };
  const senses = open(atlas, 'planted');
  const found: Answered[] = [];
  const take = async (number: number): Promise<void> => {
    const fate = drawn[number] as Fate;
    const connections = number % 2 === 0 ? 'new' : 'reused';
    const target = fate === 'nobody listens' ? nobody : app;
    const { outcome } = await senses.append(target, { writer: 'planted', number, attempt: 1 }, { resolver: '', connections }, 'app', AbortSignal.timeout(fate === 'committed, no answer' ? shortMs : longMs));
    const allowed: readonly Outcome[] = fates[fate].may;
    found.push({ kind: 'writes, as they fared', misses: allowed.includes(outcome) ? [] : [`${fate}, and said to be ${outcome} (${connections} connection)`] });
    const page = await senses.http(app, `/${number}`, { resolver: '', connections }, AbortSignal.timeout(longMs));
    const truth = server.kept.has(number) ? 'reused' : 'new';
    found.push({ kind: 'connections, new and kept', misses: page.connection === truth ? [] : [`a ${truth} connection, said to be ${page.connection}`] });
  };
  try {
    for (let from = 0; from < count; from += atOnce) await Promise.all(Array.from({ length: Math.min(atOnce, count - from) }, (_, index) => take(from + index)));
  } finally {
    senses.close();
    server.close();
  }
  return found;
}

/** An app that treats write `n` as `drawn[n]` says, and knows on which pages' connections something had been asked before. */
async function startServer(drawn: readonly Fate[]): Promise<{ readonly port: number; readonly kept: ReadonlySet<number>; close(): void }> {
  const used = new WeakSet<Socket>();
  const kept = new Set<number>();
  const server = createServer((request, response) => {
    const again = used.has(request.socket);
    used.add(request.socket);
    if (request.method === 'POST') void treat(request, response, drawn);
    else {
      if (again) kept.add(Number(request.url?.slice(1)));
      response.end('ok');
    }
  });
  await new Promise<void>((resolve) => { server.listen(0, home, resolve); });
  return { port: (server.address() as AddressInfo).port, kept, close: () => { server.closeAllConnections(); server.close(); } };
}

async function treat(request: IncomingMessage, response: ServerResponse, drawn: readonly Fate[]): Promise<void> {
  let body = '';
  for await (const text of request.setEncoding('utf8')) body += String(text);
  switch (drawn[(JSON.parse(body) as Write).number]) {
    case 'acked': response.end(JSON.stringify({ outcome: 'acked', server: '1', gtid: '0-1-1' })); return;
    case 'refused by the app': response.writeHead(503).end(JSON.stringify({ outcome: 'refused' })); return;
    case 'committed, then cut off': case 'cut off before': request.socket.destroy(); return;
    case 'committed, half an answer': response.writeHead(200, { 'content-length': 100 }).write('{"outcome":"acked"', () => request.socket.destroy()); return;
    case 'committed, a bare 503': response.writeHead(503).end('upstream connect error'); return;
    default: // and no answer
  }
}
