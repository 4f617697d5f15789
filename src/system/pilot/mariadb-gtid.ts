import type { Errant } from './dialect.ts';

/** One MariaDB GTID, `domain-server-sequence`. */
export interface Gtid { readonly domain: string; readonly server: string; readonly seq: bigint }

/** A comma-separated list of GTIDs, such as `@@gtid_binlog_state`; empty for an empty text. */
export function parseGtids(text: string): Gtid[] {
  return text.split(',').map((one) => one.trim()).filter((one) => one !== '').map((one) => {
    const [domain = '', server = '', seq = ''] = one.split('-');
    return { domain, server, seq: BigInt(seq) };
  });
}

/** The highest sequence number of each domain and server among several lists, as one list. */
export function merge(...lists: readonly string[]): string {
  const top = new Map<string, Gtid>();
  for (const gtid of lists.flatMap(parseGtids)) {
    const key = `${gtid.domain}-${gtid.server}`;
    if (gtid.seq > (top.get(key)?.seq ?? -1n)) top.set(key, gtid);
  }
  return [...top.values()].map(say).join(',');
}

/** What a server has that another, with `their` past, has not: both share everything up to the last common GTID of a domain, and each wrote its own after it.
 *  Counts by sequence number, which MariaDB hands out without gaps to one writer. */
export function errantBetween(mine: string, their: string): Errant {
  const ours = parseGtids(mine);
  const theirs = parseGtids(their);
  const seqIn = (list: readonly Gtid[], gtid: Gtid) => list.find((one) => one.domain === gtid.domain && one.server === gtid.server)?.seq ?? 0n;
  let count = 0n;
  const after: string[] = [];
  const from: string[] = [];
  const ranges: string[] = [];
  for (const domain of new Set(ours.map((gtid) => gtid.domain))) {
    const here = ours.filter((gtid) => gtid.domain === domain);
    const shared = highest(here.map((gtid) => ({ ...gtid, seq: min(gtid.seq, seqIn(theirs, gtid)) })));
    const last = highest(here);
    if (!last || !shared) continue;
    if (shared.seq > 0n) after.push(say(shared));
    if (last.seq <= shared.seq) continue;
    count += last.seq - shared.seq;
    from.push(...here.filter((gtid) => gtid.seq > shared.seq).map((gtid) => gtid.server));
    ranges.push(`${domain}-${last.server}-${shared.seq + 1n}..${last.seq}`);
  }
  return { count: Number(count), range: ranges.join('_'), after: after.join(','), from };
}

/** GTIDs of a replica written by other servers than its source, and which the source, last seen with `past`, did not have. */
export function strangersIn(mine: string, sourceServer: string, past: string): string[] {
  const known = parseGtids(past);
  return parseGtids(mine).filter((gtid) => gtid.server !== sourceServer
    && gtid.seq > (known.find((one) => one.domain === gtid.domain && one.server === gtid.server)?.seq ?? 0n)).map(say);
}

/** Whether a server at `position` has everything up to `wanted`: in each domain only the highest sequence number counts. */
export function isWithin(wanted: string, position: string): boolean {
  const held = parseGtids(position);
  return parseGtids(wanted).every((gtid) => held.some((one) => one.domain === gtid.domain && one.seq >= gtid.seq));
}

function highest(list: readonly Gtid[]): Gtid | undefined {
  return list.reduce<Gtid | undefined>((best, one) => (best && best.seq >= one.seq ? best : one), undefined);
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}

function say(gtid: Gtid): string {
  return `${gtid.domain}-${gtid.server}-${gtid.seq}`;
}
