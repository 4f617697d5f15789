import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findMysql } from '../../src/providers/embedded/engines/mysql.ts';
import type { Engine } from '../engines.ts';

const found = await findMysql();

function call(name: string): readonly string[] {
  if (typeof found === 'string') throw new Error(found);
  return name === 'mysqld' ? [...found.call(name), '--no-defaults', ...found.server, '--user=root', '--mysqlx=OFF', '--secure-file-priv=NULL', '--innodb-buffer-pool-size=32M', '--innodb-redo-log-capacity=16M'] : found.call(name);
}

/** MySQL 8.4 or later, where there is one. */
export const mysql: Engine = {
  name: 'mysql',
  cannotRun: process.getuid?.() !== 0 ? 'needs root' : typeof found === 'string' ? found : null,
  install(data, statements) {
    const [file = '', ...argv] = call('mysqld');
    writeFileSync(`${data}.sql`, `${statements.join('\n')}\n`);
    const made = spawnSync(file, [...argv, '--initialize-insecure', `--datadir=${data}`, `--init-file=${data}.sql`, `--log-error=${data}.err`], { encoding: 'utf8' });
    if (made.status !== 0) throw new Error(`mysqld --initialize-insecure: ${readFileSync(`${data}.err`, 'utf8')}`);
  },
  copy(from, to) {
    cpSync(from, to, { recursive: true });
    rmSync(join(to, 'auto.cnf'), { force: true }); // each server an identity of its own
  },
  command({ data, socket, host, port, id, options = [] }) {
    return [...call('mysqld'), `--datadir=${data}`, `--socket=${socket}`, `--pid-file=${data}.pid`, `--port=${port}`, `--bind-address=${host}`, `--server-id=${id}`,
      '--gtid-mode=ON', '--enforce-gtid-consistency=ON', '--log-bin=binlog', '--relay-log=relay', '--skip-name-resolve', '--super-read-only=ON', '--table-open-cache=200', '--table-definition-cache=400', '--max-connections=151', `--log-error=${data}.err`, ...options];
  },
  clientPath(dir) {
    if (call('mysql')[0] === 'mysql') return process.env['PATH'] ?? ''; // a wrapper of the same name would find itself
    const bin = join(dir, 'mysql-bin');
    mkdirSync(bin, { recursive: true });
    for (const name of ['mysql', 'mysqlbinlog', 'mysqldump']) {
      writeFileSync(join(bin, name), `#!/bin/sh\nexec ${call(name).map((word) => `'${word}'`).join(' ')} "$@"\n`);
      chmodSync(join(bin, name), 0o755);
    }
    return `${bin}:${process.env['PATH'] ?? ''}`;
  },
  client: typeof found === 'string' ? ['mysql'] : [...call('mysql'), '--no-defaults'],
};
