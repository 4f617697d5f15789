import { access, constants } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DrillError } from '../../errors.ts';
import { here } from '../../exec.ts';
import type { Topology } from '../../topology.ts';
import { controlPlace, groundOf, type Addresses } from './addresses.ts';
import { routerNetns, table } from './network.ts';
import { quote, type Program } from './programs.ts';

const device = 'far0';
/** A routing table of the router's own for what goes a long way. */
const farTable = 77;
const delayLine = fileURLToPath(new URL('./delay-line.pl', import.meta.url));

/** How the regions are put apart: shell for the router, and the program that is the way between them; no shell and no program where they are to stand side by side. */
export interface Distance { readonly script: string; readonly program: Program | null }

/**
 * What goes from one region to another is routed through a device in the router, where a program holds it back for half the distance. Cuts are made where packets set off:
 * what is under way when a cut is made arrives, as it would over a long cable. Throws where there is no tun device to be had.
 */
export async function putApart(topology: Topology, addresses: Addresses, worldDir: string, logDir: string): Promise<Distance> {
  const { distance } = topology.settings.network;
  if (distance === 0) return { script: '', program: null };
  const tun = await findTun(worldDir);
  const regions = topology.regions.map(({ name }) => groundOf(addresses, name));
  const inRouter = `ip netns exec ${routerNetns}`;
  const script = [
    `${inRouter} perl ${quote(delayLine)} ${quote(tun)} ${device}`,
    `${inRouter} sysctl -qw net.ipv4.conf.all.rp_filter=0 net.ipv4.conf.${device}.rp_filter=0`, // what comes out of the device has set off elsewhere
    `ip -n ${routerNetns} link set ${device} up`,
    `ip -n ${routerNetns} route add default dev ${device} table ${farTable}`,
    ...regions.flatMap((from) => regions.filter((to) => to !== from).map((to) => `ip -n ${routerNetns} rule add iif to${addresses.places.indexOf(from)} to ${to.prefix} lookup ${farTable}`)),
    `${inRouter} nft 'insert rule ${table} cuts iifname "${device}" accept'`,
  ].join('\n');
  return { script, program: { place: controlPlace, part: 'app', name: 'distance', netns: routerNetns, logFile: join(logDir, 'distance.log'), argv: ['perl', delayLine, tun, device, String(distance / 2)] } };
}

/** The kernel's way to make a tun device: where it is, or one of our own beside the world where only the name is missing. */
async function findTun(worldDir: string): Promise<string> {
  const usual = '/dev/net/tun';
  const there = await access(usual).then(() => true, () => false);
  if (there && await access(usual, constants.R_OK | constants.W_OK).then(() => true, () => false)) return usual;
  if (there) throw new DrillError('notReady', { message: `regions far apart need a tun device, and this user may not open ${usual}`, hint: 'run as root, or let everybody make devices of their own (chmod 666, as most systems have it); or set network.distance to 0s, and the regions stand side by side' });
  const own = join(worldDir, 'tun');
  const made = await here.run(['mknod', own, 'c', '10', '200'], { timeoutMs: 5_000 });
  if (made.code === 0) return own;
  throw new DrillError('notReady', { message: `regions far apart need a tun device, and there is none: ${usual} is missing, and ${made.stderr.trim()}`, hint: '`modprobe tun` brings it; or set network.distance to 0s, and the regions stand side by side' });
}
