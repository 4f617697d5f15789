import { unboundConfig } from '../../providers/unbound.ts';
import { planted } from './authority.ts';

/** How a cache is set up: by the rules, to keep answers longer than it is told to, or to give answers that have run out. */
export type Setup = 'honest' | 'stretching' | 'stale';

/** Where one stands: its port, the authority's, and a folder of its own; `keepsS`: for how long one that stretches keeps an answer at least. */
export interface Stand { readonly port: number; readonly authorityPort: number; readonly directory: string; readonly keepsS: number }

/** A real cache, which asks nobody but the authority: how it is found to be here, what brings it, its configuration file and how it is started with it. */
export interface CacheProgram {
  readonly name: string;
  readonly tried: readonly string[];
  readonly comesWith: string;
  readonly file: string;
  config(stand: Stand, setup: Setup): string;
  argv(stand: Stand, setup: Setup): readonly string[];
}

const staleForS = 3_600;

/** Every real cache that can be held against the instruments where it is installed. */
export const cachePrograms: readonly CacheProgram[] = [
  {
    name: 'unbound', tried: ['unbound', '-V'], comesWith: 'the Debian package unbound', file: 'unbound.conf',
    // It asks nobody on 127.0.0.1 by itself, and this authority is nowhere else.
    config: ({ port, authorityPort, directory, keepsS }, setup) => `${unboundConfig({ address: '127.0.0.1', port, directory, zone: planted.zone, authorities: [`127.0.0.1@${authorityPort}`], minTtlMs: setup === 'stretching' ? keepsS * 1_000 : 0, stale: setup === 'stale' })}server:\n  do-not-query-localhost: no\n`,
    argv: ({ directory }) => ['unbound', '-d', '-c', `${directory}/unbound.conf`],
  },
  {
    name: 'dnsmasq', tried: ['dnsmasq', '--version'], comesWith: 'the Debian package dnsmasq-base', file: 'dnsmasq.conf',
    config: ({ port, authorityPort, keepsS }, setup) => `port=${port}\nlisten-address=127.0.0.1\nbind-interfaces\nno-resolv\nno-hosts\nuser=root\npid-file\nserver=127.0.0.1#${authorityPort}\n${setup === 'stretching' ? `min-cache-ttl=${keepsS}\n` : setup === 'stale' ? `use-stale-cache=${staleForS}\n` : ''}`,
    argv: ({ directory }) => ['dnsmasq', '--keep-in-foreground', `--conf-file=${directory}/dnsmasq.conf`],
  },
  {
    name: 'BIND', tried: ['named', '-v'], comesWith: 'the Debian package bind9', file: 'named.conf',
    config: ({ port, authorityPort, directory, keepsS }, setup) => `options {
  directory "${directory}"; pid-file none; lock-file none; session-keyfile none;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion yes; allow-query { any; }; dnssec-validation no; empty-zones-enable no;
  forward only; forwarders { 127.0.0.1 port ${authorityPort}; };
  ${setup === 'stretching' ? `min-cache-ttl ${keepsS};` : setup === 'stale' ? `stale-cache-enable yes; stale-answer-enable yes; stale-answer-client-timeout 0; stale-answer-ttl 1; max-stale-ttl ${staleForS};` : 'stale-cache-enable no;'}
};
controls { };
`,
    argv: ({ directory }) => ['named', '-4', '-f', '-n', '1', '-c', `${directory}/named.conf`],
  },
  {
    name: 'knot-resolver', tried: ['kresd', '--version'], comesWith: 'the Debian package knot-resolver', file: 'kresd.conf',
    config: ({ port, authorityPort, keepsS }, setup) => `net.listen('127.0.0.1', ${port}, { kind = 'dns' })
${setup === 'stale' ? "modules = { 'policy', 'serve_stale < cache' }" : "modules = { 'policy' }"}
trust_anchors.remove('.')
for _, name in ipairs({ 'ta_update', 'ta_signal_query', 'detect_time_skew', 'detect_time_jump', 'priming' }) do modules.unload(name) end
cache.open(10 * MB)
cache.min_ttl(${setup === 'stretching' ? keepsS : 0})
policy.add(policy.all(policy.STUB({ '127.0.0.1@${authorityPort}' })))
`,
    argv: ({ directory }) => ['kresd', '-n', '-q', '-c', `${directory}/kresd.conf`, directory],
  },
  {
    name: 'CoreDNS', tried: ['coredns', '-version'], comesWith: 'https://coredns.io, one file to put on the PATH', file: 'Corefile',
    config: ({ port, authorityPort, keepsS }, setup) => `.:${port} {
  bind 127.0.0.1
  forward . 127.0.0.1:${authorityPort}
  cache ${staleForS} {
    success 1000 ${staleForS} ${setup === 'stretching' ? keepsS : 0}
    ${setup === 'stale' ? `serve_stale ${staleForS}s immediate` : ''}
  }
}
`,
    argv: ({ directory }) => ['coredns', '-quiet', '-conf', `${directory}/Corefile`],
  },
];
