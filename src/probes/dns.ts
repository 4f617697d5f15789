import { z } from 'zod';
import type { Probe } from '../probe.ts';
import type { DnsSeen } from '../seen.ts';

const params = z.strictObject({
  servers: z.union([z.literal('all'), z.array(z.string().min(1)).min(1)]).default('all'),
  name: z.enum(['service', 'database']).default('service'),
  /** The domain name asked for; filled in from the topology. */
  domain: z.string().min(1).optional(),
});
type Params = z.output<typeof params>;

/** Asks one resolver or authority for one name; good is NOERROR with at least one address. One watch entry stands for a probe per server. */
export const dns: Probe<Params, 'dns', 'resolve'> = {
  kind: 'dns',
  about: 'asks each named resolver and authoritative server for the address of a name; good is NOERROR with an address',
  says: 'dns',
  params,
  needs: ['resolve'],
  expand({ servers, name, domain }, topology) {
    const named = servers === 'all' ? [...topology.resolvers.map((resolver) => resolver.name), ...topology.authorities] : servers;
    return named.map((server) => ({ suffix: `@${server}`, params: { servers: [server], name, domain: domain ?? topology.names[name] } }));
  },
  open(senses, { servers, domain }, self) {
    const server = servers === 'all' || servers.length !== 1 ? undefined : servers[0];
    if (server === undefined || domain === undefined) throw new Error(`${self.name}: a dns probe looks at one server for one domain name: expand it first`);
    return async (_seq, signal) => {
      const data = await senses.resolve(domain, server, signal);
      const wrong = trouble(data);
      return wrong === null ? { ok: true, data } : { ok: false, data, error: wrong };
    };
  },
};

function trouble(seen: DnsSeen): string | null {
  if (seen.rcode !== 'NOERROR') return seen.rcode;
  return seen.addresses.length === 0 ? 'no address' : null;
}
