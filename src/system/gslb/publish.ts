import { log } from '../log.ts';
import type { Address } from '../config.ts';
import type { Zone } from './config.ts';
import { makeCourier, type Courier } from './deliver.ts';

/** Makes names known to all authorities, under a new serial for each change. */
export interface Press {
  /** Gives `name` these addresses after `delayMs` (0: at once), one of them an answer where they have weights; what it already has, or is about to have, is left alone. */
  change(name: string, addresses: readonly string[], delayMs: number, weights?: readonly number[]): void;
  zone(): Zone;
  held: Courier['held'];
}

interface Edition { readonly name: string; readonly addresses: readonly string[]; serial: number }

/** Starts with an empty zone at serial 0 and hands zones on from the address `from`; `ttls` (ms) names every name that may ever be published. Logs `published` once all authorities hold a change. */
export function makePress(authorities: readonly Address[], ttls: Readonly<Record<string, number>>, negativeTtl: number, from?: string): Press {
  const wanted = new Map<string, string>();
  let editions: Edition[] = [];
  let zone: Zone = { serial: 0, records: {}, negativeTtl };

  const announce = () => {
    const everywhere = Math.min(...courier.held().map((holder) => holder.serial));
    const out = editions.filter((edition) => edition.serial <= everywhere);
    editions = editions.filter((edition) => edition.serial > everywhere);
    // Where one name changed twice before all had it, only its last addresses were ever everywhere.
    for (const [index, { name, addresses, serial }] of out.entries()) {
      if (!out.slice(index + 1).some((later) => later.name === name)) log('published', name, { serial, addresses });
    }
  };
  // An authority that outlived an earlier load balancer holds a higher serial: go past it.
  const goPast = (theirs: number) => {
    if (theirs < zone.serial) return;
    zone = { ...zone, serial: theirs + 1 };
    for (const edition of editions) edition.serial = zone.serial;
    courier.send();
  };
  const courier = makeCourier(authorities, () => zone, announce, goPast, from);
  const print = (name: string, addresses: readonly string[], weights?: readonly number[]) => {
    const serial = zone.serial + 1;
    zone = { ...zone, serial, records: { ...zone.records, [name]: { addresses: [...addresses], ...(weights ? { weights: [...weights] } : {}), ttl: ttls[name] ?? 0 } } };
    editions.push({ name, addresses, serial });
    courier.send();
  };

  return {
    change(name, addresses, delayMs, weights) {
      const text = addresses.join(' ');
      if (wanted.get(name) === text) return;
      wanted.set(name, text);
      if (delayMs === 0) print(name, addresses, weights); else setTimeout(() => print(name, addresses, weights), delayMs);
    },
    zone: () => zone,
    held: courier.held,
  };
}
