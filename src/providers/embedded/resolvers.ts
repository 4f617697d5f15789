import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zoneOf, type Topology } from '../../topology.ts';
import { at, groundOf, ports, type Addresses } from './addresses.ts';
import type { Program } from './programs.ts';
import { habitsOf, unboundConfig } from '../unbound.ts';

/** Writes an unbound.conf for each resolver: those outside, which clients use, and one in every region, which its app uses. */
export async function resolverPrograms(topology: Topology, addresses: Addresses, dir: string, logDir: string): Promise<Program[]> {
  const authorities = topology.authorities.map((name) => addresses.nameservers[name]?.split(':')[0] ?? '');
  const outside = groundOf(addresses, 'outside');
  const wanted = [
    ...topology.resolvers.map((resolver, index) => ({ place: 'outside', netns: outside.netns, name: `outside.resolver-${resolver.name}`, address: at(outside, 'resolver', index), ...habitsOf(resolver) })),
    ...topology.regions.map((region) => ({ place: region.name, netns: region.name, name: `${region.name}.resolver`, address: at(groundOf(addresses, region.name), 'resolver'), ...habitsOf({ kind: 'strict' }) })),
  ];
  return Promise.all(wanted.map(async ({ place, netns, name, address, ...habits }): Promise<Program> => {
    const file = join(dir, `${name}.conf`);
    await writeFile(file, unboundConfig({ address, port: ports.dns, directory: '/run', zone: zoneOf(topology), authorities, ...habits }));
    return { place, part: 'resolver', name, netns, argv: ['unbound', '-d', '-c', file], logFile: `${logDir}/${name}.log` };
  }));
}
