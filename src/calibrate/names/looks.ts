import { isDeepStrictEqual } from 'node:util';
import type { openSenses } from '../../agent/senses.ts';
import type { Look, Probe } from '../../probe.ts';
import { makeRandom } from '../../providers/sim/random.ts';
import type { Outcome } from '../../seen.ts';
import { openAuthority, planted } from './authority.ts';
import { fates, home, openApp, pages, served, setBefore, type App, type Fate } from './app.ts';

/** The probes that are tried, by what they look at. */
export interface Ways { readonly http: Probe<any, any, any, any>; readonly registers: Probe<any, any, any, any>; readonly ledger: Probe<any, any, any, any>; readonly reads: Probe<any, any, any, any>; readonly dns: Probe<any, any, any, any> }
export const lookedAt = ['pages', 'updates', 'writes', 'reads', 'names'] as const;
/** One look of which a server knows the truth. */
export interface Looked { readonly kind: (typeof lookedAt)[number]; readonly misses: readonly string[] }

/** What must be said of a look: good or not, and exactly that; `data` undefined: it saw nothing. */
interface Truth { readonly ok: boolean; readonly data: unknown }

const [shortMs, longMs] = [200, 5_000];
const window = 10;
const app = { place: 'planted', part: 'app' } as const;
const nobody = { place: 'planted', part: 'database' } as const;

/** Has real servers on 127.0.0.1 answer looks in every way there is, and compares each with what was answered. */
export async function plantLooks(open: typeof openSenses, ways: Ways, count: number, seed: string): Promise<Looked[]> {
  const random = makeRandom(`looks ${seed}`);
  const [server, authority] = [await openApp(), await openAuthority(1, '10.0.0.7', 3)];
  const atlas = { service: '', servicePort: 1, parts: { 'planted/app': `${home}:${server.port}`, 'planted/database': `${home}:1` }, nameservers: { cache: `${home}:${authority.ports[0]}` }, from: home, database: { user: '', password: '', schema: '' } };
  const senses = open(atlas, 'planted');
  const found: Looked[] = [];
  const opened = (way: keyof Ways, params: object, name: string): Look<never> => ways[way].open(senses, ways[way].params.parse(params), { name, place: 'planted' }) as Look<never>;
  const hold = async (kind: Looked['kind'], what: string, look: Look<never>, seq: number, truth: () => Truth, forMs = longMs): Promise<void> => {
    const seen = await look(seq, AbortSignal.timeout(forMs)).then(({ ok, data }): Truth => ({ ok, data }), (): Truth => ({ ok: false, data: undefined }));
    const misses = isDeepStrictEqual(JSON.parse(JSON.stringify(seen)), JSON.parse(JSON.stringify(truth()))) ? [] : [`${what}: ${JSON.stringify(truth())}, and seen was ${JSON.stringify(seen)}`];
    found.push({ kind, misses });
  };
  try {
    for (let number = 0; number < count; number += 1) {
      const connections = random() < 0.5 ? 'new' : 'reused';
      const { status, good } = pages[number % pages.length] as (typeof pages)[number];
      await hold('pages', `status ${status}`, opened('http', { path: `/page/${status}`, target: app, connections }, 'page'), number, () => ({ ok: good, data: { status, servedBy: served, connection: server.last().again ? 'reused' : 'new', address: home } }));
      const fate = Object.keys(fates)[Math.floor(random() * Object.keys(fates).length)] as Fate;
      const [target, forMs] = [fate === 'nobody listens' ? nobody : app, fate === 'no answer' ? shortMs : longMs];
      const { outcome, told } = fates[fate] as { readonly outcome: Outcome; readonly told: boolean };
      const word = outcome === 'acked' ? { server: '7', gtid: `0-7-${number + 1}` } : { server: null, gtid: null };
      const by = { outcome, servedBy: told ? served : null, ...word };
      server.treat(fate);
      await hold('writes', fate, opened('ledger', { target, connections }, 'rows'), number, () => ({ ok: outcome === 'acked', data: { op: `rows:${number + 1}`, attempt: 1, ...by } }), forMs);
      // Straight into a database is another way, which has its own tests: here only apps are asked.
      if (target === app) await hold('updates', fate, opened('registers', { target, connections, slots: 4, begin: 1 }, 'slots'), number, () => ({ ok: outcome === 'acked', data: { group: 'slots', slot: (1 + number) % 4, value: `slots:${number + 1}`, ...by, found: outcome === 'acked' ? setBefore(number + 1) : null } }), forMs);
      await readTwice(hold, opened('reads', { writer: 'rows', window, target: app, connections }, 'reads'), server, 1 + Math.floor(40 * random()));
      await askNames(hold, (domain) => opened('dns', { servers: ['cache'], name: 'service', domain }, 'names@cache'), number);
    }
  } finally {
    senses.close();
    server.close();
    authority.close();
  }
  return found;
}

type Hold = (kind: Looked['kind'], what: string, look: Look<never>, seq: number, truth: () => Truth) => Promise<void>;

/** Reads once where there is all, once more where the newest is known, once where it fails. */
async function readTwice(hold: Hold, look: Look<never>, server: App, newest: number): Promise<void> {
  const numbers = [[1, 1], [newest + 1, newest + 3]];
  server.has(numbers);
  await hold('reads', 'first', look, 0, () => ({ ok: true, data: { writer: 'rows', from: 1, numbers, server: '7' } }));
  const from = Math.max(1, newest + 3 - window + 1);
  await hold('reads', 'second', look, 1, () => ({ ok: true, data: { writer: 'rows', from: server.last().from === from ? from : `${server.last().from}, asked for`, numbers, server: '7' } }));
  server.has(null);
  await hold('reads', 'failing', look, 2, () => ({ ok: false, data: undefined }));
}

/** A name that is there, one without an address, and one that is not there. */
async function askNames(hold: Hold, look: (domain: string) => Look<never>, seq: number): Promise<void> {
  const said = (addresses: readonly string[], ttl: number | null, rcode: string) => ({ ok: addresses.length > 0, data: { server: 'cache', addresses, ttl, rcode, ede: null } });
  await hold('names', 'there', look(planted.name), seq, () => said(['10.0.0.7'], 3, 'NOERROR'));
  await hold('names', 'without an address', look(planted.zone), seq, () => said([], null, 'NOERROR'));
  await hold('names', 'not there', look(`nobody.${planted.zone}`), seq, () => said([], null, 'NXDOMAIN'));
}
