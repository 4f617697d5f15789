import { marks } from '../../history.ts';
import { isActiveActive, primaryOf, type Topology } from '../../topology.ts';
import { makeCourier } from './courier.ts';
import type { Authority, Record, Zone } from './dns.ts';
import type { Log } from './log.ts';
import type { Net } from './net.ts';
import type { Program } from './program.ts';

/** Makes names known to all authorities, under a new serial for each change. */
export interface Press { publish(name: string, addresses: readonly string[], ttlMs: number, weights?: readonly number[]): Promise<void>; zone(): Zone }

interface Ground { readonly net: Net; readonly topology: Topology; readonly program: Program; readonly authorities: readonly Authority[]; readonly addressOf: (region: string) => string; readonly databaseOf: (region: string) => string; readonly log: Log }
interface Edition { readonly name: string; readonly addresses: readonly string[]; serial: number; readonly out: () => void }

/** How long someone who publishes waits for the last authority. */
const patienceMs = 1_000;

/** A press whose first zone, the names as they are before anything is broken, is at every authority already. */
export function makePress({ net, topology, program, authorities, addressOf, databaseOf, log }: Ground): Press {
  const { dns } = topology.settings;
  const home = primaryOf(topology).name;
  let zone: Zone = { serial: 1, records: new Map([
    [topology.names.service, isActiveActive(topology) ? byWeight(topology, addressOf) : { addresses: [addressOf(home)], ttlMs: dns.ttl }],
    ...(isActiveActive(topology) ? [] : [[topology.names.database, { addresses: [databaseOf(home)], ttlMs: dns.databaseTtl }] as const]),
  ]) };
  let editions: Edition[] = [];
  const announce = () => {
    const out = editions.filter(({ serial }) => serial <= courier.everywhere());
    editions = editions.filter((edition) => !out.includes(edition));
    // Where one name changed twice before all had it, only its last addresses were ever everywhere.
    out.forEach(({ name, addresses, serial, out: done }, index) => {
      if (!out.slice(index + 1).some((later) => later.name === name)) log('gslb', marks.published, name, { serial, addresses });
      done();
    });
  };
  const goPast = (theirs: number) => {
    if (theirs < zone.serial) return;
    zone = { ...zone, serial: theirs + 1 };
    for (const edition of editions) edition.serial = zone.serial;
    courier.send();
  };
  for (const authority of authorities) authority.zone = zone;
  const courier = makeCourier(net, program, authorities, () => zone, announce, goPast);
  return {
    zone: () => zone,
    async publish(name, addresses, ttlMs, weights) {
      await net.clock.inside.sleep(dns.publishDelay);
      zone = { serial: zone.serial + 1, records: new Map([...zone.records, [name, { addresses, ...(weights ? { weights } : {}), ttlMs }]]) };
      const { serial } = zone;
      await new Promise<void>((resolve) => {
        const done = () => { net.clock.stir(); resolve(); };
        editions.push({ name, addresses, serial, out: done });
        net.clock.after(patienceMs, done);
        courier.send();
      });
    },
  };
}

function byWeight({ regions, settings }: Topology, addressOf: (region: string) => string): Record {
  const weighted = regions.filter(({ weight = 0 }) => weight > 0);
  return { addresses: weighted.map(({ name }) => addressOf(name)), weights: weighted.map(({ weight = 0 }) => weight), ttlMs: settings.dns.ttl };
}
