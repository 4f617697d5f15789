import type { Part, Place } from '../../topology.ts';
import type { Cut, Side } from '../../world.ts';
import type { VirtualClock } from './clock.ts';

/** Where something stands: packets leave from here and arrive here. `control` is a place of its own that no lever can name. `name`: which of several of that part. */
export interface Spot { readonly place: Place; readonly part: Part | 'control'; readonly name?: string }

/** A cut in force. `biting` is false while one that comes and goes has let go; `since`: when it last began to bite, in ms. */
export interface CutInForce { readonly a: Side; readonly b: Side; readonly how: Cut; biting: boolean; since: number }

/** What the network is doing: its clock, its chance, and the cuts in force. `far`: places that are `distanceMs` apart, there and back. */
export interface Net { readonly clock: VirtualClock; readonly random: () => number; readonly cuts: Set<CutInForce>; readonly far: ReadonlySet<Place>; readonly distanceMs: number }

/** One way between two places that are near each other, in ms; a choice of this model. */
const nearMs = 1;
/** To open a connection or ask a datagram's question within a place, in ms; on an open connection data takes no time there. Choices of this model. */
export const loopMs = 0.2;
/** Linux's smallest retransmission time-out (TCP_RTO_MIN), doubled at each try. */
const firstRetryMs = 200;
/** Linux's first retransmissions of a SYN come a second apart, four times, before they are doubled (tcp_syn_linear_timeouts = 4). */
const synRetryMs = 1_000;
const linearSyns = 4;

/** One way between two places, in ms. */
function wayMs(net: Net, from: Spot, to: Spot): number {
  return nearMs + (from.place !== to.place && net.far.has(from.place) && net.far.has(to.place) ? net.distanceMs / 2 : 0);
}

/** When what was sent is sent again for want of an answer: the round trip, and Linux's least margin on it (RFC 6298; TCP_RTO_MIN). */
export function retryAfterMs(net: Net, from: Spot, to: Spot): number {
  return firstRetryMs + 2 * wayMs(net, from, to) - 2 * nearMs;
}

/** What becomes of one packet on its way from here to there: null where it passes. */
export function fate(net: Net, from: Spot, to: Spot): Cut['how'] | null {
  if (net.cuts.size === 0) return null;
  for (const cut of net.cuts) {
    const { sharePct } = cut.how;
    if (cut.biting && hits(cut, from, to) && (sharePct === undefined || net.random() * 100 < sharePct)) return cut.how.how;
  }
  return null;
}

/** Whether a sender has had no acknowledgement back for so long that it sends nothing new, though what it sends would arrive. */
export function isStarved(net: Net, from: Spot, to: Spot): boolean {
  if (net.cuts.size === 0) return false;
  return [...net.cuts].some((cut) => cut.biting && cut.how.sharePct === undefined && net.clock.now() - cut.since >= retryAfterMs(net, from, to) && hits(cut, to, from));
}

function hits({ a, b, how: { direction } }: CutInForce, from: Spot, to: Spot): boolean {
  return (direction !== 'in' && isIn(a, b, from) && isIn(b, a, to)) || (direction !== 'out' && isIn(b, a, from) && isIn(a, b, to));
}

function isIn(side: Side, other: Side, spot: Spot): boolean {
  if (side === 'rest') return other !== 'rest' && spot.place !== other.place;
  return spot.place === side.place && (side.part === undefined || side.part === spot.part) && (side.only === undefined || side.only === spot.name);
}

/** Carries data of an open connection: it arrives once, later if a cut holds it up, never if `alive` has become false by the next try. `reset`: what its sender does when it is rejected. */
export function carry(net: Net, from: Spot, to: Spot, alive: () => boolean, arrive: () => void, reset: () => void = () => {}, retryMs = retryAfterMs(net, from, to)): void {
  switch (fate(net, from, to)) {
    case 'drop': net.clock.after(retryMs, () => { if (alive()) carry(net, from, to, alive, arrive, reset, retryMs * 2); }); break;
    case 'reject': net.clock.after(wayMs(net, from, to), () => { if (alive()) reset(); }); break;
    default: deliver(net, from, to, arrive);
  }
}

/** Brings data of an open connection that has got through. */
export function deliver(net: Net, from: Spot, to: Spot, arrive: () => void): void {
  if (from.place === to.place) arrive(); else net.clock.after(wayMs(net, from, to), arrive);
}

/** Sends a question by datagram; a cut swallows it, or has it `rejected`. */
export function send(net: Net, from: Spot, to: Spot, arrive: () => void, rejected: () => void): void {
  switch (fate(net, from, to)) {
    case 'drop': break;
    case 'reject': net.clock.after(wayMs(net, from, to), rejected); break;
    default: deliver(net, from, to, arrive);
  }
}

/** Sends the answer to one; of what happens to it nobody is told. */
export function sendBack(net: Net, from: Spot, to: Spot, arrive: () => void): void {
  if (fate(net, from, to) === null) net.clock.after(from.place === to.place ? loopMs : wayMs(net, from, to), arrive);
}

/** The first two packets of a TCP connection: `met` is called when the answer is back, later if a cut holds them up; `refused` when the first is rejected. */
export function greet(net: Net, from: Spot, to: Spot, alive: () => boolean, met: () => void, refused: () => void, tries = 0): void {
  const again = () => {
    const waitMs = synRetryMs * 2 ** Math.max(0, tries - linearSyns);
    net.clock.after(waitMs, () => { if (alive()) greet(net, from, to, alive, met, refused, tries + 1); });
  };
  const begun = fate(net, from, to);
  if (begun === 'drop') { again(); return; }
  if (begun === 'reject') { net.clock.after(wayMs(net, from, to), () => { if (alive()) refused(); }); return; }
  net.clock.after(from.place === to.place ? loopMs : 2 * wayMs(net, from, to), () => {
    if (!alive()) return;
    // What is rejected on its way back is told to the other side alone.
    if (fate(net, to, from) === null) met(); else again();
  });
}
