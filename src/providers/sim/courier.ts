import { ask, close, connect } from './connection.ts';
import type { Authority, Zone } from './dns.ts';
import type { Net } from './net.ts';
import type { Program } from './program.ts';

/** Brings authorities to the newest zone, each at its own pace, as the load balancer of the reference system does. */
export interface Courier {
  /** Starts bringing what `zone()` is now to whoever lacks it. */
  send(): void;
  /** The least serial that every authority is known to hold. */
  everywhere(): number;
}

/** How long one delivery may take, how soon it is tried again, and how often authorities are asked what they hold: those of the reference system. */
const callMs = 1_000;
const retryMs = 200;
const reviewMs = 2_000;
/** Authorities learn of a change one after another, this far apart; a choice of this model. */
const staggerMs = 2;

interface Holder { readonly authority: Authority; serial: number; busy: boolean }

/** `onTaken` hears after each delivery; `onOutrun` hears the serial of an authority that holds a newer zone than ours. */
export function makeCourier(net: Net, from: Program, authorities: readonly Authority[], zone: () => Zone, onTaken: () => void, onOutrun: (theirs: number) => void): Courier {
  const holders: Holder[] = authorities.map((authority) => ({ authority, serial: authority.zone.serial, busy: false }));
  const deliver = (holder: Holder) => {
    holder.busy = holder.serial < zone().serial;
    if (!holder.busy) return;
    const sent = zone();
    call(net, from, holder.authority, () => take(holder.authority, sent), (held) => {
      if (held === null) { net.clock.after(retryMs, () => deliver(holder)); return; }
      if (held > sent.serial) onOutrun(held); else { holder.serial = sent.serial; onTaken(); }
      deliver(holder);
    });
  };
  // An authority that was started again holds nothing, and would say so for ever.
  const review = () => {
    net.clock.after(reviewMs, review);
    for (const holder of holders) {
      if (holder.busy || holder.serial === 0) continue;
      call(net, from, holder.authority, () => holder.authority.zone.serial, (held) => {
        if (held === null || holder.busy) return;
        holder.serial = Math.min(holder.serial, held);
        deliver(holder);
      });
    }
  };
  net.clock.after(reviewMs, review);
  return {
    send: () => holders.forEach((holder, index) => { net.clock.after(index * staggerMs, () => { if (!holder.busy) deliver(holder); }); }),
    everywhere: () => Math.min(...holders.map(({ serial }) => serial)),
  };
}

/** An authority takes no zone that is older than its own; the serial it holds then. */
function take(authority: Authority, zone: Zone): number {
  if (zone.serial >= authority.zone.serial) authority.zone = zone;
  return authority.zone.serial;
}

/** One call on a connection of its own; null where no answer comes in time. */
function call(net: Net, from: Program, { program }: Authority, work: () => number, done: (answer: number | null) => void): void {
  let over = false;
  const finish = (answer: number | null) => { if (!over) { over = true; callOff(); done(answer); } };
  const callOff = net.clock.after(callMs, () => finish(null));
  connect(net, from, program, () => !over, (connection) => {
    if (!connection || over) { if (connection) close(connection); finish(null); return; }
    connection.onLost = () => finish(null);
    ask(net, connection, (reply: (answer: number) => void) => reply(work()), (answer) => { close(connection); finish(answer); });
  });
}
