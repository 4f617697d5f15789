import { log, signAs } from '../log.ts';
import { readConfig } from '../config.ts';
import { appSchema, type AppConfig } from './config.ts';
import { connect, type Connection, type Door } from './connection.ts';
import { deep, shallow } from './health.ts';
import { byName, fixed, pinned } from './locate.ts';
import { makePool, type Pool } from './pool.ts';
import { makeServer } from './serve.ts';

/** How long a deep health check may take, whatever the checker allows. */
const healthLimitMs = 1_500;

function poolFor(door: Door, config: AppConfig, subject: string): Pool {
  return makePool(async (): Promise<Connection> => {
    const connection = await connect(door, config.connectTimeoutMs, (why) => log('connection lost', subject, { why }));
    log('connected', subject, { address: connection.address, server: connection.server });
    return connection;
  }, config.pool);
}

function open(config: AppConfig): void {
  signAs(`app/${config.region}`);
  const { name, port, user, password, schema } = config.database;
  const byItsName = byName(name, config.resolver, config.from);
  const locate = config.pinning === 'address' ? pinned(byItsName) : byItsName;
  if (config.pinning === 'address') void locate(config.connectTimeoutMs).catch(() => {}); // now, as it starts, and not when it first has something to do
  const primary: Door = { locate, from: config.from, port, user, password, schema };
  const local: Door = { locate: fixed(config.local.host), from: config.from, port: config.local.port, user, password, schema };
  const writes = poolFor(primary, config, name);
  const server = makeServer({
    region: config.region,
    writes,
    reads: config.reads === 'local' ? poolFor(local, config, `${config.region}/database`) : writes,
    health: config.health === 'deep' ? deep(primary, healthLimitMs) : shallow,
    patience: { waitMs: config.connectTimeoutMs + config.queryTimeoutMs, queryMs: config.queryTimeoutMs },
  });
  server.on('error', fail);
  server.listen(config.listen.port, config.listen.host, () => log('listening', `${config.region}/app`, { ...(server.address() as object) }));
}

function fail(error: Error): never {
  process.stderr.write(`app: ${error.message}\n`);
  process.exit(1);
}

process.on('SIGTERM', () => process.exit(0));
try {
  open(readConfig(appSchema, process.argv[2]));
} catch (error) {
  fail(error as Error);
}
