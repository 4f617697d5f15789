import type { Address } from '../config.ts';
import type { Zone } from './config.ts';
import { call } from './control.ts';

/** Brings authorities to the newest zone, each at its own pace, and again when one forgets it. */
export interface Courier {
  /** Starts bringing what `zone()` is now to whoever lacks it. */
  send(): void;
  /** The serial that each authority was last known to hold; 0 for none. */
  held(): readonly { readonly authority: string; readonly serial: number }[];
}

interface Holder { readonly address: Address; serial: number; busy: boolean }

const callMs = 1_000;
const retryMs = 200;
const reviewMs = 2_000;

/** Leaves from the address `from`: one host may be many parts, and its own choice is the address it goes to. `onTaken` hears after each delivery; `onOutrun` hears the serial of an authority that holds a newer zone than ours. */
export function makeCourier(authorities: readonly Address[], zone: () => Zone, onTaken: () => void, onOutrun: (theirs: number) => void, from?: string): Courier {
  const holders: Holder[] = authorities.map((address) => ({ address, serial: 0, busy: false }));
  const deliver = async (holder: Holder) => {
    if (holder.busy) return;
    holder.busy = true;
    while (holder.serial < zone().serial) {
      const sent = zone();
      const reply = await call('PUT', holder.address, '/zone', sent, callMs, from).catch(() => null);
      if (reply?.status === 200) { holder.serial = sent.serial; onTaken(); }
      else if (reply?.status === 409) onOutrun((reply.body as { serial: number }).serial);
      else await new Promise((resolve) => { setTimeout(resolve, retryMs); });
    }
    holder.busy = false;
  };
  // An authority that was started again holds nothing, and would say so for ever.
  const review = async (holder: Holder) => {
    if (holder.busy || holder.serial === 0) return;
    const reply = await call('GET', holder.address, '/zone', undefined, callMs, from).catch(() => null);
    if (!reply || holder.busy) return;
    holder.serial = Math.min(holder.serial, (reply.body as { serial: number }).serial);
    void deliver(holder);
  };
  setInterval(() => { for (const holder of holders) void review(holder); }, reviewMs).unref();
  return {
    send: () => { for (const holder of holders) void deliver(holder); },
    held: () => holders.map(({ address, serial }) => ({ authority: `${address.host}:${address.port}`, serial })),
  };
}
