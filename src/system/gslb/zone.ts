import { AUTHORITATIVE_ANSWER, RECURSION_DESIRED, type Answer, type DecodedPacket, type Packet, type Question } from 'dns-packet';
import type { AuthorityConfig, Zone } from './config.ts';
import { pick } from './route53.ts';

const rcodes = { NOERROR: 0, FORMERR: 1, SERVFAIL: 2, NXDOMAIN: 3, NOTIMP: 4, REFUSED: 5 } as const;
/** How long resolvers may keep the zone's own NS, glue and SOA records. */
const apexTtlS = 3_600;
/** Of a query's flags, what a reply repeats: the opcode, and that recursion was desired. */
const repeated = 0x7800 | RECURSION_DESIRED;

/** What the authority of a zone answers to one query: the reply packet, whole, whatever the zone holds (null: nothing has been published yet). */
export function reply(query: DecodedPacket, config: Pick<AuthorityConfig, 'zone' | 'nameservers'>, zone: Zone | null): Packet {
  const [question, ...more] = query.questions ?? [];
  if ((((query.flags ?? 0) >> 11) & 0xf) !== 0) return packet(query, rcodes.NOTIMP, {});
  if (!question || more.length > 0) return packet(query, rcodes.FORMERR, {});
  const name = question.name.toLowerCase();
  const inside = name === config.zone || name.endsWith(`.${config.zone}`);
  if (!inside || (question.class ?? 'IN') !== 'IN') return packet(query, rcodes.REFUSED, {});
  if (zone === null) return packet(query, rcodes.SERVFAIL, {});
  const { answers, exists } = find(question, name, config, zone);
  if (answers.length > 0) return packet(query, rcodes.NOERROR, { answers, authoritative: true });
  return packet(query, exists ? rcodes.NOERROR : rcodes.NXDOMAIN, { authorities: [negativeSoa(config, zone)], authoritative: true });
}

function find(question: Question, name: string, config: Pick<AuthorityConfig, 'zone' | 'nameservers'>, zone: Zone): { answers: Answer[]; exists: boolean } {
  const record = zone.records[name];
  const glue = config.nameservers.filter((server) => server.name === name);
  const isApex = name === config.zone;
  const wants = (type: string) => question.type === type || (question.type as string) === 'ANY';
  const answers: Answer[] = [];
  if (wants('A') && record) for (const data of chosen(record)) answers.push({ type: 'A', name: question.name, ttl: wholeSeconds(record.ttl), data });
  if (wants('A')) for (const { address } of glue) answers.push({ type: 'A', name: question.name, ttl: apexTtlS, data: address });
  if (isApex && wants('NS')) for (const { name: data } of config.nameservers) answers.push({ type: 'NS', name: question.name, ttl: apexTtlS, data });
  if (isApex && wants('SOA')) answers.push({ ...soa(config, zone), name: question.name });
  // A name exists also when only names below it do (RFC 8020).
  const names = [...Object.keys(zone.records), ...config.nameservers.map((server) => server.name)];
  const exists = isApex || names.some((other) => other === name || other.endsWith(`.${name}`));
  return { answers, exists };
}

/** With weights, one address an answer: whoever asks again may be told another. */
function chosen({ addresses, weights }: Zone['records'][string]): readonly string[] {
  return weights === undefined || addresses.length === 0 ? addresses : [addresses[pick(weights, Math.random())] as string];
}

function soa(config: Pick<AuthorityConfig, 'zone' | 'nameservers'>, zone: Zone): Extract<Answer, { type: 'SOA' }> {
  const minimum = wholeSeconds(zone.negativeTtl);
  const mname = config.nameservers[0]?.name ?? config.zone;
  return { type: 'SOA', name: config.zone, ttl: apexTtlS, data: { mname, rname: `hostmaster.${config.zone}`, serial: zone.serial, refresh: 3_600, retry: 600, expire: 86_400, minimum } };
}

/** The SOA that goes with "there is none": its TTL is the negative TTL (RFC 2308: the smaller of SOA TTL and MINIMUM). */
function negativeSoa(config: Pick<AuthorityConfig, 'zone' | 'nameservers'>, zone: Zone): Answer {
  return { ...soa(config, zone), ttl: wholeSeconds(zone.negativeTtl) };
}

/** A TTL in whole seconds, which is all that DNS can say: rounded up, and never under 1 (0 would mean "do not keep at all"). */
function wholeSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1_000));
}

function packet(query: DecodedPacket, rcode: number, what: { answers?: Answer[]; authorities?: Answer[]; authoritative?: boolean }): Packet {
  const edns = query.additionals?.some((record) => record.type === 'OPT') ?? false;
  return {
    type: 'response',
    id: query.id ?? 0,
    flags: ((query.flags ?? 0) & repeated) | (what.authoritative ? AUTHORITATIVE_ANSWER : 0) | rcode,
    questions: query.questions ?? [],
    answers: what.answers ?? [],
    authorities: what.authorities ?? [],
    additionals: edns ? [{ type: 'OPT', name: '.', udpPayloadSize: 1_232, extendedRcode: 0, ednsVersion: 0, flags: 0, flag_do: false, options: [] }] : [],
  };
}
