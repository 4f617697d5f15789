import { log } from '../log.ts';
import type { Address, Zone } from './config.ts';
import { call } from './control.ts';

/** Makes names known to all authorities; each change goes out `delayMs` after it was asked for, under a new serial. */
export interface Press {
  /** Gives `name` these addresses; what it already has, or is about to have, is left alone. `delayMs` 0: at once. */
  change(name: string, addresses: readonly string[], delayMs: number): void;
  zone(): Zone;
  /** The serial that each authority was last known to hold; 0 for none. */
  held(): readonly { readonly authority: string; readonly serial: number }[];
}

interface Holder { readonly address: Address; serial: number; busy: boolean }
interface Edition { readonly name: string; readonly addresses: readonly string[]; serial: number }

const callMs = 1_000;
const retryMs = 200;
const reviewMs = 2_000;

/** Starts with an empty zone at serial 0; `ttls` (ms) names every name that may ever be published. Logs `published` once all authorities hold a change. */
export function makePress(authorities: readonly Address[], ttls: Readonly<Record<string, number>>, negativeTtl: number): Press {
  const wanted = new Map<string, string>();
  const holders: Holder[] = authorities.map((address) => ({ address, serial: 0, busy: false }));
  let editions: Edition[] = [];
  let zone: Zone = { serial: 0, records: {}, negativeTtl };

  const print = (name: string, addresses: readonly string[]) => {
    const serial = zone.serial + 1;
    zone = { ...zone, serial, records: { ...zone.records, [name]: { addresses: [...addresses], ttl: ttls[name] ?? 0 } } };
    editions.push({ name, addresses, serial });
    for (const holder of holders) void deliver(holder);
  };
  const settle = () => {
    const everywhere = Math.min(...holders.map((holder) => holder.serial));
    const out = editions.filter((edition) => edition.serial <= everywhere);
    editions = editions.filter((edition) => edition.serial > everywhere);
    // Where one name changed twice before all had it, only its last addresses were ever everywhere.
    for (const [index, { name, addresses, serial }] of out.entries()) {
      if (!out.slice(index + 1).some((later) => later.name === name)) log('published', name, { serial, addresses });
    }
  };
  const deliver = async (holder: Holder) => {
    if (holder.busy) return;
    holder.busy = true;
    while (holder.serial < zone.serial) {
      const sent = zone;
      try {
        const { status, body } = await call('PUT', holder.address, '/zone', sent, callMs);
        if (status === 200) { holder.serial = sent.serial; settle(); }
        else if (status === 409) outrun((body as { serial: number }).serial);
        else throw new Error(`status ${status}`);
      } catch {
        await new Promise((resolve) => { setTimeout(resolve, retryMs); });
      }
    }
    holder.busy = false;
  };
  // An authority that outlived an earlier load balancer holds a higher serial: go past it.
  const outrun = (theirs: number) => {
    if (theirs < zone.serial) return;
    zone = { ...zone, serial: theirs + 1 };
    for (const edition of editions) edition.serial = zone.serial;
    for (const holder of holders) void deliver(holder);
  };
  // An authority that was started again holds nothing: give it the zone anew.
  const review = async (holder: Holder) => {
    if (holder.busy || holder.serial === 0) return;
    try {
      const { body } = await call('GET', holder.address, '/zone', undefined, callMs);
      if (holder.busy) return;
      holder.serial = Math.min(holder.serial, (body as { serial: number }).serial);
      void deliver(holder);
    } catch { /* not there now: asked again at the next review */ }
  };
  setInterval(() => { for (const holder of holders) void review(holder); }, reviewMs).unref();

  return {
    change(name, addresses, delayMs) {
      const text = addresses.join(' ');
      if (wanted.get(name) === text) return;
      wanted.set(name, text);
      if (delayMs === 0) print(name, addresses); else setTimeout(() => print(name, addresses), delayMs);
    },
    zone: () => zone,
    held: () => holders.map(({ address, serial }) => ({ authority: `${address.host}:${address.port}`, serial })),
  };
}
