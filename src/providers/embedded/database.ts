import { must, type Exec } from '../../exec.ts';
import { isActiveActive, type Topology } from '../../topology.ts';
import { at, groundOf, ports, type Addresses } from './addresses.ts';
import type { Engine } from './engine.ts';
import { pidFileOf, quote, type Program } from './programs.ts';

/** Accounts of the reference system's databases. They guard nothing: the servers live in namespaces that nobody else can reach. */
export const accounts = {
  admin: { user: 'admin', password: 'drill-admin' },
  replication: { user: 'repl', password: 'drill-repl' },
  app: { user: 'app', password: 'drill-app' },
  schema: 'shop',
} as const;

/** Where programs lie that a part of the world needs and this machine has not got on PATH. */
export const lentPrograms = '/run/lent';

/** What every server holds before it is anybody's primary, a statement a line. No unique key on (writer, number): a duplicate must be seen, not refused. */
export const seed = [
  `CREATE DATABASE ${accounts.schema};`,
  `CREATE TABLE ${accounts.schema}.orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, writer VARCHAR(64) NOT NULL, number BIGINT NOT NULL, attempt INT NOT NULL, served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, KEY (writer, number)) ENGINE=InnoDB;`,
  `CREATE TABLE ${accounts.schema}.registers (name VARCHAR(64) NOT NULL, slot INT NOT NULL, value VARCHAR(96) NOT NULL, over_value VARCHAR(96), before_value VARCHAR(96), served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, PRIMARY KEY (name, slot)) ENGINE=InnoDB;`,
  `CREATE TABLE ${accounts.schema}.pilot (id INT PRIMARY KEY, note VARCHAR(255), at DOUBLE) ENGINE=InnoDB;`,
  `CREATE USER '${accounts.admin.user}'@'%' IDENTIFIED BY '${accounts.admin.password}';`,
  `GRANT ALL PRIVILEGES ON *.* TO '${accounts.admin.user}'@'%' WITH GRANT OPTION;`,
  `CREATE USER '${accounts.replication.user}'@'%' IDENTIFIED BY '${accounts.replication.password}';`,
  `GRANT REPLICATION SLAVE ON *.* TO '${accounts.replication.user}'@'%';`,
  `CREATE USER '${accounts.app.user}'@'%' IDENTIFIED BY '${accounts.app.password}';`,
  `GRANT SELECT, INSERT, UPDATE, DELETE ON ${accounts.schema}.* TO '${accounts.app.user}'@'%';`,
];

/** Makes a data directory for every region in the world's memory, all from one template, with nothing in any binary log. */
export async function seedDatabases(inWorld: Exec, engine: Engine, topology: Topology): Promise<void> {
  const copies = topology.regions.map((region) => `cp -r /run/data/template /run/data/${region.name}\n${engine.estrange(`/run/data/${region.name}`)}`).join('\n');
  await must(inWorld, ['sh', '-e'], { timeoutMs: 60_000, input: `mount -t tmpfs tmpfs /run/data\n${engine.install('/run/data/template', seed)}\n${copies}\nrm -rf /run/data/template\n${engine.lend(lentPrograms)}\n` });
}

/** The server of each region. They start read-only, as a careful team would have them: the pilot opens the one that is to be written. */
export function databasePrograms(engine: Engine, topology: Topology, addresses: Addresses, logDir: string): Program[] {
  return topology.regions.map((region, index): Program => {
    const ground = groundOf(addresses, region.name);
    const name = `${region.name}.database`;
    const argv = engine.serve({ data: `/run/data/${region.name}`, host: at(ground, 'database'), port: ports.database, id: index + 1, pidFile: pidFileOf(name), connections: topology.settings.database.maxConnections, writers: isActiveActive(topology) ? topology.regions.length : 1 });
    return { place: region.name, part: 'database', name, netns: ground.netns, argv, logFile: `${logDir}/${name}.log` };
  });
}

/** Waits until every server answers on its socket. */
export async function awaitDatabases(inWorld: Exec, engine: Engine, topology: Topology): Promise<void> {
  const client = engine.client.map(quote).join(' ');
  const waits = topology.regions.map((region) => `n=0; until ${client} --socket=/run/data/${region.name}.sock -uroot -e 'SELECT 1' >/dev/null 2>&1; do n=$((n+1)); [ $n -gt 200 ] && { echo "${region.name}: the database did not come up" >&2; exit 1; }; sleep 0.1; done`);
  await must(inWorld, ['sh'], { input: waits.join('\n'), timeoutMs: 60_000 });
}
