import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Topology } from '../../topology.ts';
import { at, groundOf, ports, type Addresses } from './addresses.ts';
import type { Program } from './programs.ts';

/** Writes an unbound.conf for each resolver: those outside, which clients use, and one in every region, which its app uses. */
export async function resolverPrograms(topology: Topology, addresses: Addresses, dir: string, logDir: string): Promise<Program[]> {
  const zone = topology.names.service.split('.').slice(1).join('.');
  const authorities = topology.authorities.map((name) => addresses.nameservers[name]?.split(':')[0] ?? '');
  const outside = groundOf(addresses, 'outside');
  const wanted = [
    ...topology.resolvers.map((resolver, index) => ({ place: 'outside', netns: outside.netns, name: `outside.resolver-${resolver.name}`, address: at(outside, 'resolver', index), minTtlMs: resolver.minTtlMs ?? 0 })),
    ...topology.regions.map((region) => ({ place: region.name, netns: region.name, name: `${region.name}.resolver`, address: at(groundOf(addresses, region.name), 'resolver'), minTtlMs: 0 })),
  ];
  return Promise.all(wanted.map(async ({ place, netns, name, address, minTtlMs }): Promise<Program> => {
    const file = join(dir, `${name}.conf`);
    await writeFile(file, configuration(address, zone, authorities, minTtlMs));
    return { place, part: 'resolver', name, netns, argv: ['unbound', '-d', '-c', file], logFile: `${logDir}/${name}.log` };
  }));
}

// Debian's unbound has no infra-keep-probing by default and then forgets a dead authority for 15 minutes; a host that was away is asked again within seconds here.
function configuration(address: string, zone: string, authorities: readonly string[], minTtlMs: number): string {
  return `server:
  interface: ${address}
  port: ${ports.dns}
  outgoing-interface: ${address}
  access-control: 0.0.0.0/0 allow
  username: ""
  chroot: ""
  pidfile: ""
  directory: "/run"
  use-syslog: no
  logfile: ""
  do-daemonize: no
  num-threads: 1
  module-config: "iterator"
  do-ip6: no
  msg-cache-size: 1m
  rrset-cache-size: 1m
  infra-keep-probing: yes
  infra-host-ttl: 5
  cache-min-ttl: ${Math.round(minTtlMs / 1000)}
  local-zone: "test." nodefault
  domain-insecure: "test."
remote-control:
  control-enable: no
stub-zone:
  name: "${zone}."
${authorities.map((authority) => `  stub-addr: ${authority}`).join('\n')}
`;
}
