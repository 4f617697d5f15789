import { spawnSync } from 'node:child_process';
import { cpSync, existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Engine } from '../engines.ts';

/** MariaDB, as Debian's packages bring it. */
export const mariadb: Engine = {
  name: 'mariadb',
  cannotRun: process.getuid?.() !== 0 ? 'needs root'
    : ['/usr/sbin/mariadbd', '/usr/bin/mariadb-install-db', '/usr/bin/mariadb-dump'].every((file) => existsSync(file)) ? null : 'needs mariadb-server-core and mariadb-client',
  install(data, statements) {
    // Temporary tables are named by the process, and others in namespaces of their own may have its number.
    const env = { ...process.env, TMPDIR: dirname(data) };
    const made = spawnSync('mariadb-install-db', ['--no-defaults', '--auth-root-authentication-method=normal', '--user=root', '--skip-test-db', `--datadir=${data}`, '--innodb-log-file-size=8M'], { encoding: 'utf8', env });
    if (made.status !== 0) throw new Error(`mariadb-install-db: ${made.stdout}${made.stderr}`);
    const seeded = spawnSync('mariadbd', ['--no-defaults', '--bootstrap', '--user=root', `--datadir=${data}`], { encoding: 'utf8', env, input: ['FLUSH PRIVILEGES;', ...statements].join('\n') });
    if (seeded.status !== 0) throw new Error(`mariadbd --bootstrap: ${seeded.stderr}`);
  },
  copy(from, to) { cpSync(from, to, { recursive: true }); },
  command({ data, socket, host, port, id, options = [] }) {
    return ['mariadbd', '--no-defaults', '--user=root', `--datadir=${data}`, `--socket=${socket}`, `--pid-file=${data}.pid`, `--port=${port}`, `--bind-address=${host}`, `--server-id=${id}`,
      '--log-bin=binlog', '--binlog-format=ROW', '--log-slave-updates=ON', '--gtid-strict-mode=ON', '--sync-binlog=1', '--skip-name-resolve', '--read-only=1', '--innodb-buffer-pool-size=32M', '--innodb-log-file-size=8M', `--log-error=${data}.err`, ...options];
  },
  clientPath: () => process.env['PATH'] ?? '',
  client: ['mariadb', '--no-defaults'],
};
