/** Transactions by origin (MariaDB `domain-server`, MySQL `uuid` or `uuid:tag`), as inclusive runs of numbers, ascending and apart. */
export type GtidSet = ReadonlyMap<string, readonly Run[]>;

type Run = readonly [from: number, to: number];

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Reads a server's state in either engine's words: MariaDB's highest number of each origin (`0-1-42,0-2-40`: all up to it), MySQL's set (`uuid:1-5:7,uuid:tag:1`). Null where it is neither. */
export function readGtids(state: string): GtidSet | null {
  const set = new Map<string, Run[]>();
  for (const part of state.toLowerCase().split(',').map((piece) => piece.trim()).filter(Boolean)) {
    const found = readPosition(part) ?? readSet(part);
    if (!found) return null;
    for (const [origin, run] of found) set.set(origin, [...(set.get(origin) ?? []), run]);
  }
  return new Map([...set].map(([origin, runs]) => [origin, tidy(runs)]));
}

function readPosition(part: string): [string, Run][] | null {
  const [, origin, last] = /^(\d+-\d+)-(\d+)$/.exec(part) ?? [];
  return origin === undefined ? null : [[origin, [1, Number(last)]]];
}

function readSet(part: string): [string, Run][] | null {
  const [server = '', ...pieces] = part.split(':').map((piece) => piece.trim());
  if (!uuid.test(server) || pieces.length === 0) return null;
  const found: [string, Run][] = [];
  let origin = server;
  for (const piece of pieces) {
    const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(piece) ?? [];
    if (from !== undefined) found.push([origin, [Number(from), Number(to)]]);
    else if (/^[a-z_]\w*$/.test(piece)) origin = `${server}:${piece}`; // a tag (8.4 and later) holds for the runs after it
    else return null;
  }
  return found;
}

/** What is in the first set and not in the second. */
export function subtract(set: GtidSet, less: GtidSet): GtidSet {
  return new Map([...set].map(([origin, runs]) => [origin, runs.flatMap((run) => cutOut(run, less.get(origin) ?? []))] as const).filter(([, runs]) => runs.length > 0));
}

/** How many transactions a set has. */
export function countGtids(set: GtidSet): number {
  return [...set.values()].flat().reduce((sum, [from, to]) => sum + to - from + 1, 0);
}

/** Whether one transaction, by its own GTID, is in a set; false for what is no GTID. */
export function includesGtid(set: GtidSet, gtid: string): boolean {
  const [[origin, runs] = ['', []]] = [...(readGtids(gtid) ?? [])];
  const number = runs.at(-1)?.[1];
  return number !== undefined && (set.get(origin) ?? []).some(([from, to]) => number >= from && number <= to);
}

/** A set's runs as texts: `0-1-116..118`, `uuid:tag:4..7`. */
export function sayRuns(set: GtidSet): string[] {
  return [...set].flatMap(([origin, runs]) => runs.map(([from, to]) => `${origin}${uuid.test(origin.slice(0, 36)) ? ':' : '-'}${from}..${to}`));
}

function tidy(runs: readonly Run[]): Run[] {
  const apart: [number, number][] = [];
  for (const [from, to] of runs.toSorted(([a], [b]) => a - b)) {
    const last = apart.at(-1);
    if (last && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else apart.push([from, to]);
  }
  return apart;
}

function cutOut([from, to]: Run, holes: readonly Run[]): Run[] {
  const left: Run[] = [];
  let next = from;
  for (const [start, end] of holes) {
    if (end < next || start > to) continue;
    if (start > next) left.push([next, start - 1]);
    next = end + 1;
  }
  return next <= to ? [...left, [next, to]] : left;
}
