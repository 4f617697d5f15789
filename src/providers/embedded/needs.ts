import { here } from '../../exec.ts';
import type { Topology } from '../../topology.ts';
import type { Shortfall } from '../../world.ts';
import { findMysql } from './engines/mysql.ts';

/** What the embedded world is made of: a program, how it is tried, and the Debian package that brings it. */
const all: readonly { readonly name: string; readonly argv: readonly string[]; readonly says: RegExp; readonly from: string }[] = [
  { name: 'ip', argv: ['ip', '-V'], says: /iproute2/, from: 'iproute2' },
  { name: 'nft', argv: ['nft', '--version'], says: /nftables/, from: 'nftables' },
  { name: 'unshare, nsenter, setsid', argv: ['sh', '-c', 'unshare --version && nsenter --version && setsid --version'], says: /util-linux/, from: 'util-linux' },
  { name: 'mariadbd', argv: ['mariadbd', '--no-defaults', '--version'], says: /MariaDB/, from: 'mariadb-server-core' },
  { name: 'mariadb-install-db', argv: ['sh', '-c', 'command -v mariadb-install-db'], says: /mariadb-install-db/, from: 'mariadb-server-core' },
  { name: 'mariadb, mariadb-admin', argv: ['sh', '-c', 'mariadb --version && mariadb-admin --version'], says: /MariaDB/, from: 'mariadb-client-core' },
  { name: 'mariadb-dump, mariadb-binlog', argv: ['sh', '-c', 'mariadb-dump --version && mariadb-binlog --version'], says: /mariadb-binlog/, from: 'mariadb-client' },
  { name: 'unbound', argv: ['unbound', '-V'], says: /Version/, from: 'unbound' },
  { name: 'perl with Time::HiRes', argv: ['perl', '-MTime::HiRes', '-e', 'print "ready"'], says: /ready/, from: 'perl' },
  { name: 'sysctl', argv: ['sysctl', '--version'], says: /sysctl/, from: 'procps' },
];

/** What keeps the embedded world from opening here, each found by trying it. Empty when nothing does. */
export async function findShortfalls(topology?: Topology): Promise<Shortfall[]> {
  if (process.platform !== 'linux') return [{ what: 'network namespaces are Linux: this is another system', mend: null }];
  const programs = programsFor(topology?.settings.database.engine, typeof await findMysql() !== 'string');
  const tried = await Promise.all(programs.map(async (program) => {
    const done = await here.run(program.argv, { timeoutMs: 20_000 });
    return { program, works: done.code === 0 && program.says.test(done.stdout + done.stderr) };
  }));
  const missing = tried.filter(({ works }) => !works).map(({ program }): Shortfall => ({ what: `${program.name}: not there, or does not start`, mend: installCommand([program.from]) }));
  if (missing.some(({ what }) => what.startsWith('ip:') || what.startsWith('unshare'))) return missing;
  return [...missing, ...await tryNamespaces(missing.some(({ what }) => what.startsWith('nft')))];
}

/** The programs that are needed. MariaDB's only where a topology chooses it, or none is named and there is no MySQL to choose instead: on some systems the one's packages remove the other's. */
export function programsFor(engine: 'mariadb' | 'mysql' | undefined, hasMysql: boolean): typeof all {
  const withoutMariadb = engine === 'mysql' || (engine === undefined && hasMysql);
  return all.filter(({ from }) => !withoutMariadb || !from.startsWith('mariadb-'));
}

/** The packages that mend the shortfalls, for one command. */
export function packagesFor(shortfalls: readonly Shortfall[]): readonly string[] {
  const named = all.map(({ from }) => from);
  return [...new Set(named.filter((name) => shortfalls.some(({ mend }) => mend === installCommand([name]))))];
}

/** The command that installs packages and starts no daemon of theirs. */
export function installCommand(packages: readonly string[]): string {
  return `apt-get install -y --no-install-recommends ${packages.join(' ')}`;
}

// Some systems forbid user namespaces by a policy that no setting tells of: only trying tells.
async function tryNamespaces(withoutNft: boolean): Promise<Shortfall[]> {
  const script = `mount -t tmpfs tmpfs /run && mkdir /run/netns && ip netns add a && ip link add x type veth peer name y netns a && ip netns exec a sysctl -qw net.ipv4.ip_forward=1${
    withoutNft ? '' : ` && ip netns exec a nft 'add table inet t; add set inet t s { type ipv4_addr . ipv4_addr; flags interval,timeout; }; add element inet t s { 10.0.0.0/24 . 10.0.1.0/24 timeout 1s }'`}`;
  const done = await here.run(['unshare', '-Urnmpf', '--mount-proc', 'sh', '-ec', script], { timeoutMs: 20_000 });
  if (done.code === 0) return [];
  const root = process.getuid?.() === 0;
  return [{ what: `private namespaces with veth and nft timeouts: ${(done.stderr || done.stdout).trim().slice(-300) || `exit ${done.code}`}`, mend: root ? null : 'run as root: sudo -E npm run scenario dr-drill' }];
}
