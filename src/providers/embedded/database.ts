import { must, type Exec } from '../../exec.ts';
import type { Topology } from '../../topology.ts';
import { at, groundOf, ports, type Addresses } from './addresses.ts';
import type { Program } from './programs.ts';

/** Accounts of the reference system's databases. They guard nothing: the servers live in namespaces that nobody else can reach. */
export const accounts = {
  admin: { user: 'admin', password: 'drill-admin' },
  replication: { user: 'repl', password: 'drill-repl' },
  app: { user: 'app', password: 'drill-app' },
  schema: 'shop',
} as const;

/** What every server holds before it is anybody's primary. No unique key on (writer, number): a duplicate must be seen, not refused. */
const seed = `
CREATE DATABASE ${accounts.schema};
USE ${accounts.schema};
CREATE TABLE orders (id BIGINT AUTO_INCREMENT PRIMARY KEY, writer VARCHAR(64) NOT NULL, number BIGINT NOT NULL, attempt INT NOT NULL, served_by VARCHAR(64) NOT NULL, at DOUBLE NOT NULL, KEY (writer, number)) ENGINE=InnoDB;
CREATE TABLE pilot (id INT PRIMARY KEY, note VARCHAR(255), at DOUBLE) ENGINE=InnoDB;
FLUSH PRIVILEGES;
CREATE USER '${accounts.admin.user}'@'%' IDENTIFIED BY '${accounts.admin.password}';
GRANT ALL PRIVILEGES ON *.* TO '${accounts.admin.user}'@'%' WITH GRANT OPTION;
CREATE USER '${accounts.replication.user}'@'%' IDENTIFIED BY '${accounts.replication.password}';
GRANT REPLICATION SLAVE ON *.* TO '${accounts.replication.user}'@'%';
CREATE USER '${accounts.app.user}'@'%' IDENTIFIED BY '${accounts.app.password}';
GRANT SELECT, INSERT, UPDATE, DELETE ON ${accounts.schema}.* TO '${accounts.app.user}'@'%';
`;

/** Makes a data directory for every region in the world's memory, all from one template, with nothing in any binary log. */
export async function seedDatabases(inWorld: Exec, topology: Topology): Promise<void> {
  const copies = topology.regions.map((region) => `cp -r /run/data/template /run/data/${region.name}`).join('\n');
  await must(inWorld, ['sh', '-e'], {
    timeoutMs: 60_000,
    input: `mount -t tmpfs tmpfs /run/data
mariadb-install-db --no-defaults --auth-root-authentication-method=normal --user=root --skip-test-db --datadir=/run/data/template >/run/data/install.log 2>&1 || { cat /run/data/install.log >&2; exit 1; }
mariadbd --no-defaults --bootstrap --user=root --datadir=/run/data/template >/run/data/seed.log 2>&1 <<'END_OF_SEED' || { cat /run/data/seed.log >&2; exit 1; }
${seed}
END_OF_SEED
${copies}
rm -rf /run/data/template
`,
  });
}

/** The server of each region. They start read-only, as a careful team would have them: the pilot opens the one that is to be written. */
export function databasePrograms(topology: Topology, addresses: Addresses, logDir: string): Program[] {
  return topology.regions.map((region, index): Program => {
    const ground = groundOf(addresses, region.name);
    const name = `${region.name}.database`;
    const options = {
      user: 'root', datadir: `/run/data/${region.name}`, socket: `/run/data/${region.name}.sock`, 'pid-file': `/run/data/${region.name}.pid`, port: ports.database,
      'bind-address': at(ground, 'database'), 'report-host': at(ground, 'database'), 'server-id': index + 1, 'read-only': 1, 'skip-name-resolve': 1,
      'log-bin': 'binlog', 'log-slave-updates': 1, 'gtid-strict-mode': 1, 'binlog-format': 'ROW', 'sync-binlog': 1, 'innodb-flush-log-at-trx-commit': 1,
      'innodb-buffer-pool-size': '64M', 'innodb-log-file-size': '48M', 'performance-schema': 0, 'max-connections': 300,
      'character-set-server': 'utf8mb4', tmpdir: '/run/data',
    };
    const argv = ['mariadbd', '--no-defaults', ...Object.entries(options).map(([key, value]) => `--${key}=${value}`)];
    return { place: region.name, part: 'database', name, netns: ground.netns, argv, logFile: `${logDir}/${name}.log` };
  });
}

/** Waits until every server answers on its socket. */
export async function awaitDatabases(inWorld: Exec, topology: Topology): Promise<void> {
  const waits = topology.regions.map((region) => `n=0; until mariadb-admin --no-defaults --socket=/run/data/${region.name}.sock -uroot ping >/dev/null 2>&1; do n=$((n+1)); [ $n -gt 200 ] && { echo "${region.name}: the database did not come up" >&2; exit 1; }; sleep 0.1; done`);
  await must(inWorld, ['sh'], { input: waits.join('\n'), timeoutMs: 60_000 });
}
