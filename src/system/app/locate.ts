import { Resolver } from 'node:dns/promises';
import type { Address } from '../config.ts';

/** Finds the database's address anew for each connection; rejects when there is none within `timeoutMs`. */
export type Locate = (timeoutMs: number) => Promise<string>;

/** Asks one resolver for `name`, never the system's own (which may cache, and blocks a thread). */
export function byName(name: string, resolver: Address, from?: string): Locate {
  return async (timeoutMs) => {
    // A new Resolver each time: an old one remembers which servers failed it.
    const asked = new Resolver({ timeout: Math.max(50, Math.floor(timeoutMs / 2)), tries: 2 });
    if (from !== undefined) asked.setLocalAddress(from);
    asked.setServers([`${resolver.host}:${resolver.port}`]);
    const timer = setTimeout(() => asked.cancel(), timeoutMs);
    try {
      const [first] = await asked.resolve4(name);
      if (first === undefined) throw new Error(`${name} has no address`);
      return first;
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The first address that was ever found, for ever: what an app does that looks its database up when it starts. */
export function pinned(locate: Locate): Locate {
  let known: string | null = null;
  return async (timeoutMs) => {
    const found = known ?? await locate(timeoutMs);
    known ??= found; // whoever asked at the same time may have been told first
    return known;
  };
}

/** An address that never changes. */
export function fixed(host: string): Locate {
  return async () => host;
}
