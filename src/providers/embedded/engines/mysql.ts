import { access, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { mysql as census } from '../../../census/mysql.ts';
import { here } from '../../../exec.ts';
import type { Engine } from '../engine.ts';
import { quote } from '../programs.ts';

/** The programs of a MySQL on this machine: how to call one by its name, and what the server must be told to find its own files. */
export interface Programs { call(name: string): readonly string[]; readonly server: readonly string[] }

/**
 * MySQL's programs; a text says why there are none. In the folder that REGIONFALL_MYSQL names: MySQL's own archive (`bin/mysqld`), or the root of a small system with all its
 * libraries (`usr/sbin/mysqld`), whose own loader is used, for the host's may be older. Without it those on PATH, if they are MySQL's.
 */
export async function findMysql(): Promise<Programs | string> {
  const root = process.env['REGIONFALL_MYSQL'];
  const found = root === undefined ? { call: (name: string) => [name], server: [] } : await isThere(join(root, 'bin/mysqld')) ? unpacked(root) : await rooted(root);
  if (typeof found === 'string') return found;
  const where = root === undefined ? 'on PATH' : `in ${root}`;
  const [server, client] = await Promise.all(['mysqld', 'mysql'].map((name) => here.run([...found.call(name), '--no-defaults', '--version'], { timeoutMs: 20_000 })));
  const lacks = whatLacks('mysqld', server) ?? whatLacks('mysql', client);
  return lacks === null ? found : `there is no MySQL 8.4 or later here: ${lacks.replace('%', where)}`;
}

/** What is wrong with a program that should be MySQL's, with `%` for where it was looked for; null where nothing is. */
export function whatLacks(name: string, tried: { readonly code: number | null; readonly stdout: string } | undefined): string | null {
  const [, version = '', major, minor] = /Ver ((\d+)\.(\d+)\S*)/.exec(tried?.stdout ?? '') ?? [];
  if (tried?.code !== 0 || major === undefined) return `${name} % is missing, or does not start`;
  // Debian's MariaDB brings a mysqld and a mysql, too.
  if (/MariaDB/i.test(tried.stdout)) return `${name} % is MariaDB's`;
  return Number(major) > 8 || (Number(major) === 8 && Number(minor) >= 4) ? null : `${name} % is ${version}`;
}

function unpacked(root: string): Programs {
  return { call: (name) => [join(root, 'bin', name)], server: [`--basedir=${root}`] };
}

async function rooted(root: string): Promise<Programs | string> {
  const loaders = await Promise.all(['lib64/ld-linux-x86-64.so.2', 'lib/ld-linux-aarch64.so.1'].map(async (file) => ((await isThere(join(root, file))) ? join(root, file) : null)));
  const loader = loaders.find((file) => file !== null);
  if (loader === undefined || !(await isThere(join(root, 'usr/sbin/mysqld')))) return `REGIONFALL_MYSQL is ${root}, which holds neither bin/mysqld nor usr/sbin/mysqld with its loader`;
  const folders = await Promise.all(['lib', 'usr/lib'].map(async (folder) => (await readdir(join(root, folder)).catch(() => [])).filter((name) => name.endsWith('-linux-gnu')).map((name) => join(root, folder, name))));
  const share = join(root, 'usr/share/mysql');
  return {
    call: (name) => [loader, '--library-path', folders.flat().join(':'), join(root, name === 'mysqld' ? 'usr/sbin' : 'usr/bin', name)],
    server: [`--basedir=${join(root, 'usr')}`, `--plugin-dir=${join(root, 'usr/lib/mysql/plugin')}`, `--lc-messages-dir=${share}`, `--character-sets-dir=${join(share, 'charsets')}`],
  };
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(() => true, () => false);
}

/** MySQL 8.4 or 9 by the programs found. Tried on 9.7. */
export function mysqlFrom({ call, server }: Programs): Engine {
  const mysqld = [...call('mysqld'), '--no-defaults', ...server, '--user=root', '--mysqlx=OFF', '--secure-file-priv=NULL'];
  return {
    name: 'mysql',
    census,
    client: [...call('mysql'), ...census.client.slice(1)],
    version: [...call('mysqld'), '--no-defaults', '--version'],
    install: (data, statements) => `cat > ${data}.sql <<'END_OF_SEED'
${statements.join('\n')}
END_OF_SEED
${mysqld.map(quote).join(' ')} --initialize-insecure --datadir=${data} --init-file=${data}.sql >${data}.log 2>&1 || { cat ${data}.log >&2; exit 1; }`,
    estrange: (data) => `rm -f ${data}/auto.cnf`,
    serve({ data, host, port, id, pidFile, connections }) {
      const options = {
        datadir: data, socket: `${data}.sock`, 'pid-file': `${data}.pid`, port, 'bind-address': host, 'report-host': host, 'server-id': id, 'super-read-only': 'ON', 'skip-name-resolve': 'ON',
        'binlog-rows-query-log-events': 'ON', // what errant transactions are saved from where there is no mysqlbinlog
        'log-bin': 'binlog', 'relay-log': 'relay', 'gtid-mode': 'ON', 'enforce-gtid-consistency': 'ON', 'sync-binlog': 1, 'innodb-flush-log-at-trx-commit': 1,
        'innodb-buffer-pool-size': '64M', 'innodb-redo-log-capacity': '64M', 'max-connections': connections, 'table-open-cache': 200, 'table-definition-cache': 400, tmpdir: dirname(data),
      };
      return ['sh', '-c', supervise(pidFile), 'supervise', ...mysqld, ...Object.entries(options).map(([key, value]) => `--${key}=${value}`)];
    },
    // What is on PATH under its own name needs no wrapper: one that called it by that name would find itself.
    lend: (folder) => (call('mysql')[0] === 'mysql' ? 'true' : ['mysql', 'mysqlbinlog'].map((name) => `mkdir -p ${folder}
cat > ${folder}/${name} <<'END_OF_PROGRAM'
#!/bin/sh
exec ${call(name).map(quote).join(' ')} "$@"
END_OF_PROGRAM
chmod +x ${folder}/${name}`).join('\n')),
  };
}

// A server that has been cloned ends with status 16 to be started again, if it knows that its parent will; killed, it stays dead. What is killed or frozen is the server, not this.
function supervise(pidFile: string): string {
  return `export MYSQLD_PARENT_PID=$$; while :; do "$@" & echo $! > ${pidFile}; wait $!; [ $? -eq 16 ] || exit; done`;
}
