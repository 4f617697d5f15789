/** A set of MySQL GTIDs: by origin (`uuid`, or `uuid:tag`), inclusive runs of numbers, ascending and apart. Origins in the order they came. */
export type GtidSet = ReadonlyMap<string, readonly Run[]>;

type Run = readonly [from: bigint, to: bigint];

/** Reads a set as MySQL 8.4 and 9 write it: `uuid:1-5:7,uuid:tag:1-3`; an empty text is the empty set. Throws for anything else. */
export function parseSet(text: string): GtidSet {
  const runs = new Map<string, Run[]>();
  for (const part of text.split(',').map((piece) => piece.trim()).filter((piece) => piece !== '')) {
    const [uuid = '', ...rest] = part.toLowerCase().split(':').map((piece) => piece.trim());
    if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(uuid) || rest.length === 0) throw new Error(`"${part}" is no MySQL GTID set`);
    let origin = uuid;
    for (const piece of rest) {
      const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(piece) ?? [];
      if (from !== undefined && to !== undefined) runs.set(origin, [...(runs.get(origin) ?? []), [BigInt(from), BigInt(to)]]);
      else if (/^[a-z_]\w{0,31}$/.test(piece)) origin = `${uuid}:${piece}`;
      else throw new Error(`"${part}" is no MySQL GTID set`);
    }
  }
  return new Map([...runs].map(([origin, own]) => [origin, tidy(own)] as const).filter(([, own]) => own.length > 0));
}

/** Reads `@@GLOBAL.gtid_owned` (`uuid:3#13:2#12`): numbers that a thread holds, which are in the binary log, or may soon be, and not yet in `gtid_executed`. */
export function parseOwned(text: string): GtidSet {
  return parseSet(text.replaceAll(/#\d+/g, ''));
}

/** A set in MySQL's own spelling, one entry an origin. */
export function saySet(set: GtidSet): string {
  return [...set].map(([origin, runs]) => [origin, ...runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))].join(':')).join(',');
}

/** Everything that is in any of the sets. */
export function unite(...sets: readonly GtidSet[]): GtidSet {
  const all = new Map<string, Run[]>();
  for (const [origin, runs] of sets.flatMap((set) => [...set])) all.set(origin, [...(all.get(origin) ?? []), ...runs]);
  return new Map([...all].map(([origin, runs]) => [origin, tidy(runs)] as const));
}

/** What is in the first set and not in the second: MySQL's GTID_SUBTRACT. */
export function subtract(set: GtidSet, less: GtidSet): GtidSet {
  const left = [...set].map(([origin, runs]) => [origin, runs.flatMap((run) => cutOut(run, less.get(origin) ?? []))] as const);
  return new Map(left.filter(([, runs]) => runs.length > 0));
}

/** Whether all of the first set is in the second: MySQL's GTID_SUBSET. */
export function isSubset(set: GtidSet, of: GtidSet): boolean {
  return subtract(set, of).size === 0;
}

/** How many transactions a set names. */
export function countSet(set: GtidSet): number {
  return Number([...set.values()].flat().reduce((sum, [from, to]) => sum + to - from + 1n, 0n));
}

/** The server that an origin belongs to: its uuid, without the tag. */
export function uuidOf(origin: string): string {
  return origin.slice(0, 36);
}

function tidy(runs: readonly Run[]): Run[] {
  const sorted = runs.filter(([from, to]) => from <= to).toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  const apart: [bigint, bigint][] = [];
  for (const [from, to] of sorted) {
    const last = apart.at(-1);
    if (last && from <= last[1] + 1n) last[1] = to > last[1] ? to : last[1];
    else apart.push([from, to]);
  }
  return apart;
}

function cutOut([from, to]: Run, holes: readonly Run[]): Run[] {
  const left: Run[] = [];
  let next = from;
  for (const [start, end] of holes) {
    if (end < next || start > to) continue;
    if (start > next) left.push([next, start - 1n]);
    next = end + 1n;
  }
  return next <= to ? [...left, [next, to]] : left;
}
