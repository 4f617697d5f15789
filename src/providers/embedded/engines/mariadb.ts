import { dirname } from 'node:path';
import { mariadb as census } from '../../../census/mariadb.ts';
import type { Engine } from '../engine.ts';

/** MariaDB, as Debian's packages bring it. */
export const mariadb: Engine = {
  name: 'mariadb',
  census,
  client: census.client,
  version: ['mariadbd', '--no-defaults', '--version'],
  // Temporary tables are named by the process, whose number is another's, too, in namespaces of its own: they do not go where others look.
  install: (data, statements) => `TMPDIR=$(dirname ${data}) mariadb-install-db --no-defaults --auth-root-authentication-method=normal --user=root --skip-test-db --datadir=${data} >${data}.log 2>&1 || { cat ${data}.log >&2; exit 1; }
TMPDIR=$(dirname ${data}) mariadbd --no-defaults --bootstrap --user=root --datadir=${data} >${data}.log 2>&1 <<'END_OF_SEED' || { cat ${data}.log >&2; exit 1; }
FLUSH PRIVILEGES;
${statements.join('\n')}
END_OF_SEED`,
  estrange: () => 'true',
  serve({ data, host, port, id, connections, writers }) {
    const options = {
      user: 'root', datadir: data, socket: `${data}.sock`, 'pid-file': `${data}.pid`, port, 'bind-address': host, 'report-host': host, 'server-id': id, 'read-only': 1, 'skip-name-resolve': 1,
      'log-bin': 'binlog', 'log-slave-updates': 1, 'gtid-strict-mode': 1, 'binlog-format': 'ROW', 'sync-binlog': 1, 'innodb-flush-log-at-trx-commit': 1,
      'innodb-buffer-pool-size': '64M', 'innodb-log-file-size': '48M', 'performance-schema': 0, 'max-connections': connections,
      'character-set-server': 'utf8mb4', tmpdir: dirname(data),
      // Each sends only what was written on it: two that pass on what they were sent would ask each other for it for ever.
      ...(writers > 1 ? { 'gtid-domain-id': id, 'auto-increment-increment': writers, 'auto-increment-offset': id, 'log-slave-updates': 0 } : {}),
    };
    return ['mariadbd', '--no-defaults', ...Object.entries(options).map(([key, value]) => `--${key}=${value}`)];
  },
  lend: () => 'true',
};
