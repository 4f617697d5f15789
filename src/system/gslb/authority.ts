import { log } from '../log.ts';
import { readConfig } from '../config.ts';
import { authoritySchema, zoneSchema, type AuthorityConfig, type Zone } from './config.ts';
import { serveControl, type Reply } from './control.ts';
import { serveDns } from './nameserver.ts';
import { reply } from './zone.ts';

async function open(config: AuthorityConfig): Promise<void> {
  let zone: Zone | null = null;
  const put = (body: unknown): Reply => {
    const next = zoneSchema.parse(body);
    if (zone && next.serial < zone.serial) return { status: 409, body: { error: `serial ${next.serial} is older than ${zone.serial}`, serial: zone.serial } };
    if (next.serial !== zone?.serial) log('zone taken', config.name, { serial: next.serial });
    zone = next;
    return { status: 200, body: { serial: next.serial } };
  };
  await serveDns(config.listen, (query) => reply(query, config, zone));
  await serveControl(config.control, { 'PUT /zone': put, 'GET /zone': () => ({ status: 200, body: zone ?? { serial: 0 } }) });
  log('listening', config.name, { ...config.listen });
}

process.on('SIGTERM', () => process.exit(0));
try {
  await open(readConfig(authoritySchema, process.argv[2]));
} catch (error) {
  process.stderr.write(`authority: ${(error as Error).message}\n`);
  process.exit(1);
}
