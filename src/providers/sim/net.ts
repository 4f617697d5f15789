import type { Part, Place } from '../../topology.ts';
import type { Side } from '../../world.ts';
import type { VirtualClock } from './clock.ts';

/** Where something stands: packets leave from here and arrive here. `control` is a place of its own that no lever can name. */
export interface Spot { readonly place: Place; readonly part: Part | 'control' }

/** What the network is doing: its clock, and the cuts in force. Links take `linkMs` one way between places. */
export interface Net { readonly clock: VirtualClock; readonly cuts: Set<readonly [Side, Side]> }

/** One way between two places, in ms; a choice of this model. */
export const linkMs = 1;
/** To open a connection or ask a datagram's question within a place, in ms; on an open connection data takes no time there. Choices of this model. */
export const loopMs = 0.2;
/** Linux's smallest retransmission time-out (TCP_RTO_MIN), doubled at each try. */
const firstRetryMs = 200;
/** Linux's first retransmissions of a SYN come a second apart, four times, before they are doubled (tcp_syn_linear_timeouts = 4). */
const synRetryMs = 1_000;
const linearSyns = 4;

/** Whether a cut lies between two spots, in either direction. */
export function isCut(net: Net, a: Spot, b: Spot): boolean {
  if (a.place === b.place || net.cuts.size === 0) return false;
  for (const [one, two] of net.cuts) {
    if ((isIn(one, two, a) && isIn(two, one, b)) || (isIn(one, two, b) && isIn(two, one, a))) return true;
  }
  return false;
}

function isIn(side: Side, other: Side, spot: Spot): boolean {
  if (side === 'rest') return other !== 'rest' && spot.place !== other.place;
  return spot.place === side.place && (side.part === undefined || side.part === spot.part);
}

/** Carries data of an open connection: it arrives once, later if a cut holds it up, never if `alive` has become false by the next try. */
export function carry(net: Net, from: Spot, to: Spot, alive: () => boolean, arrive: () => void, retryMs = firstRetryMs): void {
  if (from.place === to.place) { arrive(); return; }
  if (isCut(net, from, to)) {
    net.clock.after(retryMs, () => { if (alive()) carry(net, from, to, alive, arrive, retryMs * 2); });
    return;
  }
  net.clock.after(linkMs, arrive);
}

/** Sends a question by datagram; a cut swallows it. */
export function send(net: Net, from: Spot, to: Spot, arrive: () => void): void {
  if (from.place === to.place) arrive(); else if (!isCut(net, from, to)) net.clock.after(linkMs, arrive);
}

/** Sends the answer to one. */
export function sendBack(net: Net, from: Spot, to: Spot, arrive: () => void): void {
  if (!isCut(net, from, to)) net.clock.after(from.place === to.place ? loopMs : linkMs, arrive);
}

/** The first two packets of a TCP connection: `met` is called when the answer is back, later if a cut holds them up. */
export function greet(net: Net, from: Spot, to: Spot, alive: () => boolean, met: () => void, tries = 0): void {
  const again = () => {
    const waitMs = synRetryMs * 2 ** Math.max(0, tries - linearSyns);
    net.clock.after(waitMs, () => { if (alive()) greet(net, from, to, alive, met, tries + 1); });
  };
  if (isCut(net, from, to)) { again(); return; }
  net.clock.after(from.place === to.place ? loopMs : 2 * linkMs, () => {
    if (!alive()) return;
    if (isCut(net, from, to)) again(); else met();
  });
}
