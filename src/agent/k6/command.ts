import { copyFile, mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Atlas, CrowdOrder } from '../../world.ts';
import { parseAddress, type Address } from '../connect.ts';
import { addressOf } from '../lines.ts';
import { tellWrapper, theirsName, wrapper } from './wrapper.ts';

/** The only port that a resolver's configuration can name. */
const dnsPort = 53;
/** k6 asks the resolver for every new connection; its own cache would keep an answer for five minutes. */
const askEveryTime = 'ttl=0,select=first,policy=preferIPv4';

// In a mount namespace of its own k6 finds a resolver's configuration of its own: it has no other way to be told whom to ask.
// A machine's may lead to a file in /run that is not there in this place.
const besideTheMachines = `own=/etc/resolv.conf
target=$(readlink -f $own || readlink $own || echo $own)
case $target in /*) ;; *) target=/etc/$target;; esac
if [ ! -e "$target" ]; then case $target in /run/*|/etc/../run/*) mkdir -p "\${target%/*}" && : > "$target";; *) echo "there is no $target to lay another over" >&2; exit 1;; esac; fi
mount -o bind "$0" "$target" && exec "$@"`;

/** Writes what k6 is to read into a folder of its own inside `scratch`; the folder, and the command that runs k6 with nothing of this process's environment but its PATH. */
export async function prepare(order: CrowdOrder, atlas: Atlas, scratch: string): Promise<{ readonly dir: string; readonly argv: readonly string[] }> {
  const resolver = resolverOf(order, atlas);
  await mkdir(scratch, { recursive: true });
  const dir = await mkdtemp(join(scratch, 'k6-'));
  const [main, resolving] = [join(dir, 'main.js'), join(dir, 'resolv.conf')];
  await Promise.all([
    copyFile(wrapper, main), writeFile(join(dir, theirsName), order.script),
    writeFile(resolving, `nameserver ${resolver.host}\noptions timeout:1 attempts:2\n`),
  ]);
  return { dir, argv: ['unshare', '-m', 'sh', '-ec', besideTheMachines, resolving, ...k6Of(order, atlas, main)] };
}

/** The command itself: points on stdout, everything else on stderr, and nothing that listens. */
export function k6Of(order: CrowdOrder, atlas: Atlas, main: string): string[] {
  const clean = ['env', '-i', `PATH=${process.env['PATH'] ?? ''}`, 'HOME=/nonexistent', 'GODEBUG=netdns=go'];
  return [
    ...clean, 'k6', 'run', '--quiet', '--no-summary', '--no-thresholds', '--no-usage-report', '--no-teardown', '--address', '', '--log-output', 'stderr', '--log-format', 'json', '--out', 'json=-',
    '--dns', askEveryTime, ...(order.manner.connections === 'new' ? ['--no-connection-reuse'] : []), ...(atlas.from === '0.0.0.0' ? [] : ['--local-ips', atlas.from]),
    ...Object.entries({ ...tellWrapper(order), TARGET: urlOf(order, atlas), TIMEOUT: `${order.timeoutMs}ms` }).flatMap(([name, value]) => ['-e', `${name}=${value}`]), main,
  ];
}

function urlOf({ target }: CrowdOrder, atlas: Atlas): string {
  if (target === 'service') return `http://${atlas.service}:${atlas.servicePort}`;
  const { host, port } = addressOf(atlas, target);
  return `http://${host}:${port}`;
}

function resolverOf({ manner }: CrowdOrder, atlas: Atlas): Address {
  const known = atlas.nameservers[manner.resolver];
  if (known === undefined) throw new Error(`no address is known for the name server ${manner.resolver}`);
  const address = parseAddress(known);
  if (address.port !== dnsPort) throw new Error(`k6 can ask name servers at port ${dnsPort} only, and ${manner.resolver} is at ${known}`);
  return address;
}
