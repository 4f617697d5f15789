import { send, sendBack, type Net, type Spot } from './net.ts';
import { whenRunning, type Program } from './program.ts';
import { pick } from './route53.ts';

/** What a server of names says about one name. */
export interface Said { readonly rcode: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL'; readonly addresses: readonly string[]; readonly ttlMs: number; /** It had run out, and says so (RFC 8914, 3). */ readonly stale?: boolean }

/** A program that answers questions about names. */
export interface NameServer { readonly name: string; readonly program: Program; answer(name: string, reply: (said: Said) => void): void }

/** One question by datagram: a cut swallows it or its answer, and a program that does not run has its port refused. */
export function question(net: Net, from: Spot, to: NameServer, name: string, onSaid: (said: Said) => void, onRefused: () => void): void {
  const { program } = to;
  send(net, from, program, () => {
    if (!program.running) { sendBack(net, program, from, onRefused); return; }
    const life = program.life;
    whenRunning(program, life, () => to.answer(name, (said) => {
      if (program.life === life) sendBack(net, program, from, () => onSaid(said));
    }));
  }, onRefused);
}

/** A name's addresses. `weights`, one an address: each answer gives one, picked by them. */
export interface Record { readonly addresses: readonly string[]; readonly weights?: readonly number[]; readonly ttlMs: number }

/** All names of a zone at one serial; serial 0: nothing has been published. */
export interface Zone { readonly serial: number; readonly records: ReadonlyMap<string, Record> }

const unpublished: Zone = { serial: 0, records: new Map() };

/** An authoritative server, and the zone it was last given. It holds it in memory: started again, it knows nothing. */
export interface Authority extends NameServer { zone: Zone }

/** An authority that knows no name yet. */
export function makeAuthority(name: string, program: Program, negativeTtlMs: number, random: () => number): Authority {
  const authority: Authority = {
    name, program, zone: unpublished,
    answer(asked, reply) {
      const found = authority.zone.records.get(asked);
      if (authority.zone.serial === 0) reply({ rcode: 'SERVFAIL', addresses: [], ttlMs: 0 });
      else if (!found) reply({ rcode: 'NXDOMAIN', addresses: [], ttlMs: negativeTtlMs });
      else reply({ rcode: 'NOERROR', addresses: chosen(found, random), ttlMs: found.addresses.length === 0 ? negativeTtlMs : found.ttlMs });
    },
  };
  program.onEnd = () => { authority.zone = unpublished; };
  return authority;
}

function chosen({ addresses, weights }: Record, random: () => number): readonly string[] {
  return weights === undefined || addresses.length === 0 ? addresses : [addresses[pick(weights, random())] as string];
}

interface Kept { readonly said: Said; readonly until: number }
/** How long a resolver waits for one authority, and how many it asks before it says SERVFAIL; choices of this model. */
const patienceMs = 400;
const tries = 4;
/** A failure is remembered for at least this long (RFC 9520). */
const failureTtlMs = 1_000;

/** What RFC 8767 recommends as the TTL of an answer that has run out. */
const staleTtlMs = 30_000;

/** A caching resolver. `minTtlMs` above zero stretches every lifetime to it, as a misconfigured one does; `stale`: an answer that has run out is given once more, while it asks anew. */
export function makeResolver(net: Net, name: string, program: Program, authorities: readonly Authority[], minTtlMs = 0, stale = false): NameServer {
  const cache = new Map<string, Kept>();
  const asking = new Map<string, ((said: Said) => void)[]>();
  program.onEnd = () => { cache.clear(); asking.clear(); };
  const settle = (asked: string, said: Said) => {
    const ttlMs = Math.max(said.ttlMs, said.rcode === 'NOERROR' && said.addresses.length > 0 ? minTtlMs : 0);
    cache.set(asked, { said, until: net.clock.now() + ttlMs });
    const waiters = asking.get(asked) ?? [];
    asking.delete(asked);
    for (const reply of waiters) reply({ ...said, ttlMs });
  };
  const answer: NameServer['answer'] = (asked, reply) => {
    const kept = cache.get(asked);
    const leftMs = kept ? kept.until - net.clock.now() : 0;
    if (kept && leftMs > 0) { reply({ ...kept.said, ttlMs: leftMs }); return; }
    const old = stale && kept !== undefined && kept.said.addresses.length > 0;
    if (old) reply({ ...kept.said, ttlMs: staleTtlMs, stale: true });
    const line = asking.get(asked);
    if (line) { if (!old) line.push(reply); return; }
    asking.set(asked, old ? [] : [reply]);
    // Any authority may be asked first: resolvers spread their questions over all that answer well.
    const from = Math.floor(net.random() * authorities.length);
    fetch(net, program, [...authorities.slice(from), ...authorities.slice(0, from)], asked, 0, (said) => settle(asked, said));
  };
  return { name, program, answer };
}

function fetch(net: Net, program: Program, authorities: readonly Authority[], asked: string, tried: number, done: (said: Said) => void): void {
  const authority = authorities[tried % authorities.length];
  if (!authority || tried >= tries) { done({ rcode: 'SERVFAIL', addresses: [], ttlMs: failureTtlMs }); return; }
  const life = program.life;
  let over = false;
  const once = (act: () => void) => () => whenRunning(program, life, () => {
    if (over) return;
    over = true;
    callOff();
    act();
  });
  const next = once(() => fetch(net, program, authorities, asked, tried + 1, done));
  const callOff = net.clock.after(patienceMs, next);
  question(net, program, authority, asked, (said) => (said.rcode === 'SERVFAIL' ? next() : once(() => done(said))()), next);
}
