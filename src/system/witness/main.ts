// A witness: tries a region's database when it is asked, from where it stands, and says whether it answered. GET /sees/<region> says {"sees":true|false,"because":...}.
import { createServer, type ServerResponse } from 'node:http';
import { z } from 'zod';
import { address, readConfig } from '../config.ts';
import { log, signAs } from '../log.ts';
import { openSession } from '../pilot/connect.ts';

/** What a witness is told. `from`: the address its tries leave from; `limitMs`: how long one may take. */
const configSchema = z.strictObject({
  name: z.string().min(1),
  listen: address,
  from: z.ipv4(),
  databases: z.array(z.strictObject({ region: z.string().min(1), host: z.string().min(1), port: z.int().min(1).max(65_535) })),
  account: z.strictObject({ user: z.string().min(1), password: z.string() }),
  limitMs: z.number().positive(),
});
type Config = z.output<typeof configSchema>;

/** Whether a database answers a statement, over a new connection, in time: a port that only accepts is no sight of it. Never rejects. */
async function look({ from, account, limitMs }: Config, { host, port }: Config['databases'][number]): Promise<{ readonly sees: boolean; readonly because: string | null }> {
  try {
    const session = await openSession({ host, port, ...account, from }, limitMs);
    try {
      await session.ask('SELECT 1');
      return { sees: true, because: null };
    } finally {
      session.end();
    }
  } catch (error) {
    return { sees: false, because: error instanceof Error ? error.message : String(error) };
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

function open(config: Config): void {
  signAs(`witness/${config.name}`);
  const server = createServer((request, response) => {
    request.resume();
    const [, region = ''] = /^\/sees\/(.+)$/.exec(request.url ?? '') ?? [];
    const database = config.databases.find((one) => one.region === decodeURIComponent(region));
    if (!database) answer(response, 404, { error: `nothing is known of ${request.url}: GET /sees/${config.databases.map((one) => one.region).join(' or /sees/')}` });
    else void look(config, database).then((seen) => answer(response, 200, seen));
  });
  server.listen(config.listen.port, config.listen.host, () => log('listening', `witness ${config.name}`, { ...(server.address() as object) }));
}

process.on('SIGTERM', () => process.exit(0));
try {
  open(readConfig(configSchema, process.argv[2]));
} catch (error) {
  process.stderr.write(`witness: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
