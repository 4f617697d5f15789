import type { Topology } from '../topology.ts';

/** What one resolver is told: where it listens and asks from, its working directory, and who answers for `zone`; `minTtlMs` above 0 makes it keep answers longer than it is told to, `stale` give one that has run out once more. */
export interface Resolver {
  readonly address: string;
  readonly port: number;
  readonly directory: string;
  readonly zone: string;
  readonly authorities: readonly string[];
  readonly minTtlMs: number;
  readonly stale: boolean;
}

/** What a resolver's kind means to unbound. */
export function habitsOf({ kind, minTtlMs = 0 }: Pick<Topology['resolvers'][number], 'kind' | 'minTtlMs'>): Pick<Resolver, 'minTtlMs' | 'stale'> {
  return { minTtlMs, stale: kind === 'serve-stale' };
}

/**
 * unbound.conf of a resolver. Debian's unbound has no infra-keep-probing by default and then forgets a dead authority for 15 minutes; a host that was away is
 * asked again within seconds here.
 */
export function unboundConfig({ address, port, directory, zone, authorities, minTtlMs, stale }: Resolver): string {
  return `server:
  interface: ${address}
  port: ${port}
  outgoing-interface: ${address}
  access-control: 0.0.0.0/0 allow
  username: ""
  chroot: ""
  pidfile: ""
  directory: "${directory}"
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
${stale ? '  serve-expired: yes\n  ede: yes\n  ede-serve-expired: yes\n' : ''}  local-zone: "test." nodefault
  domain-insecure: "test."
remote-control:
  control-enable: no
stub-zone:
  name: "${zone}."
${authorities.map((authority) => `  stub-addr: ${authority}`).join('\n')}
`;
}
