import type { Clock } from '../../clock.ts';
import type { CrowdOrder, CrowdTold } from '../../world.ts';
import { makeGrid } from './grid.ts';
import { readPoints, type Told } from './points.ts';
import { openWall } from './wall.ts';

/** k6 says once a second that it lives; after so long without a word it stood still (ms), as an agent would have. */
const silentAfterMs = 2_500;
const blindEveryMs = 1_000;

/** What is heard from k6, on the run's clock. */
export interface Ear {
  hear(line: string): void;
  /** Reads the wall clock again; k6 stamps with nothing else. */
  readClock(): void;
  /** Nothing more will be heard, and what was under way is lost: blind from the last thing known until it is closed. */
  lose(why: string): void;
  /** What was due after now is not listened to any more. */
  stop(): void;
  close(): void;
}

/** Turns k6's lines into requests, ticks that were missed and time of which nothing is known. A request's start is told early and its end late by as much as the clocks' agreement is in doubt. */
export function listen(order: CrowdOrder, clock: Clock, told: CrowdTold): Ear {
  const read = readPoints();
  const wall = openWall(clock);
  const grid = makeGrid(order.everyMs, wall.place);
  let heardAt = clock.now();
  let aliveAt: number | null = null;
  let until = Number.POSITIVE_INFINITY;
  let blind: { readonly why: string; readonly telling: NodeJS.Timeout; from: number } | null = null;
  const tellBlind = (): void => {
    if (blind === null) return;
    const to = Math.min(clock.now(), until);
    if (to > blind.from) told.blind(blind.from, to, blind.why);
    blind.from = Math.max(blind.from, to);
  };
  const lose = (why: string, from: number): void => {
    if (blind !== null) return;
    // Told again and again: whoever judges while the drill goes on must know it too.
    blind = { why, from, telling: setInterval(tellBlind, blindEveryMs) };
    tellBlind();
  };
  const hearRequest = (one: Told): void => {
    const { due, first } = grid.dueOf(one);
    const placed = placeRequest(one, due, wall);
    if (placed.scheduled > until) return;
    heardAt = Math.max(heardAt, placed.started);
    told.request({ ...placed, first });
  };
  return {
    hear(line) {
      const point = blind === null ? read(line) : null;
      if (point === null) return;
      if (point.is === 'request') hearRequest(point);
      else if (point.is === 'dropped') {
        grid.dropped(point.at);
        if (wall.place(point.at) <= until) told.missed(1);
      } else {
        const at = wall.place(point.at);
        if (aliveAt !== null && at - aliveAt > silentAfterMs) told.blind(aliveAt, at, 'k6 stood still');
        aliveAt = at;
      }
    },
    readClock() {
      if (blind === null && !wall.read()) lose('the wall clock was set, and k6 tells no other', wall.readAt());
    },
    lose: (why) => lose(why, heardAt),
    stop() { until = clock.now(); },
    close() {
      tellBlind();
      if (blind) clearInterval(blind.telling);
      told.note(`k6's times are placed within ${wall.errorMs().toFixed(3)} ms`);
    },
  };
}

/** One request on the run's clock. Only one that was answered has times of its own beside its end. */
function placeRequest(one: Told, due: number, wall: ReturnType<typeof openWall>) {
  const answered = one.error === null && one.status > 0;
  const tookMs = answered ? one.blockedMs + one.durationMs : one.endedAt - (one.askedAt ?? one.iterationAt);
  const doubtMs = wall.errorMs();
  return {
    scheduled: due, started: wall.place(one.endedAt - tookMs) - doubtMs, ended: wall.place(one.endedAt) + doubtMs, tookMs,
    expected: one.expected, error: one.error,
    seen: one.status > 0 ? { status: one.status, servedBy: null, connection: one.connectingMs === 0 ? 'reused' as const : 'new' as const, address: one.address } : null,
  };
}
