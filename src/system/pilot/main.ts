import { rmSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import { log } from '../log.ts';
import { arrange } from './arrange.ts';
import { readConfig } from '../config.ts';
import { configSchema, type Config } from './config.ts';
import type { Dialect } from './dialect.ts';
import { mariadb } from './mariadb.ts';
import { mysql } from './mysql.ts';
import { because, exclusively, Refusal, startRoles, until, type Pilot } from './pilot.ts';
import { rejoin } from './rejoin.ts';
import { failBack, switchOver } from './switchover.ts';
import { watch, type Watch } from './watch.ts';

const dialects: Readonly<Record<Config['engine'], Dialect>> = { mariadb, mysql };

type Operation = (pilot: Pilot) => Promise<object>;
const operations: Readonly<Record<string, readonly [what: string, run: Operation]>> = {
  'POST /arrange': ['arranging', arrange],
  'POST /switch-over': ['a switch-over', switchOver],
  'POST /rejoin': ['a rejoin', rejoin],
  'POST /fail-back': ['a fail-back', failBack],
};

function stateOf(pilot: Pilot, known: Watch): object {
  const { primary, replica, expelled, ...rest } = pilot.roles;
  const { engine, mode, waitPoint, degradeMs } = pilot.config;
  return { primary: primary.region, replica: replica?.region ?? null, expelled: expelled?.region ?? null, ...rest, engine, mode, waitPoint, degradeMs,
    misses: known.memory.misses, verdict: known.verdict, gaveUp: known.attempt.gaveUp };
}

async function operate(pilot: Pilot, what: string, run: Operation): Promise<object> {
  await until(async () => (pilot.roles.busy === null ? true : null), 3_000); // a short upkeep is no reason to turn someone away
  try {
    return await exclusively(pilot, what, () => run(pilot));
  } catch (error) {
    const said = error instanceof Refusal ? error.message : `${what} failed: ${because(error)}. See GET /state and the log, mend it and ask again`;
    log('refused', 'pilot', { what, because: said });
    throw new Refusal(said);
  }
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
}

function open(config: Config): void {
  const pilot: Pilot = { config, dialect: dialects[config.engine], roles: startRoles(config) };
  const { known } = watch(pilot);
  const server = createServer((request, response) => {
    const asked = `${request.method} ${request.url}`;
    request.resume();
    const operation = operations[asked];
    if (asked === 'GET /state') answer(response, 200, stateOf(pilot, known));
    else if (!operation) answer(response, 404, { error: `${asked} is nothing the pilot does: GET /state, ${Object.keys(operations).join(', ')}` });
    else operate(pilot, ...operation).then((done) => answer(response, 200, done), (error: unknown) => answer(response, 409, { error: because(error) }));
  });
  // A pilot that was killed leaves its socket behind, and nobody could listen there again.
  if (typeof config.listen === 'string') rmSync(config.listen, { force: true });
  server.listen(typeof config.listen === 'string' ? { path: config.listen } : config.listen, () => log('listening', 'pilot', { at: config.listen }));
}

process.on('SIGTERM', () => process.exit(0));
try {
  open(readConfig(configSchema, process.argv[2]));
} catch (error) {
  process.stderr.write(`pilot: ${because(error)}\n`);
  process.exit(1);
}
