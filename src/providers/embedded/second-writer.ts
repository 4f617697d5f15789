// A writer of names that knows nothing of the load balancer's: `write` gives a name other addresses at every authority, under a newer serial than each holds;
// `restore` gives every authority what the load balancer has now, under a newer serial still. Its second argument is a Rewriting.
import type { Rewriting } from './overwrite.ts';

interface Zone { readonly serial: number; readonly records: Readonly<Record<string, { readonly addresses: readonly string[]; readonly weights?: readonly number[]; readonly ttl: number }>>; readonly negativeTtl: number }

const patienceMs = 3_000;
const [act = '', given = '{}'] = process.argv.slice(2);
const { name, addresses, authorities, gslb } = JSON.parse(given) as Rewriting;

async function call(method: string, url: string, body?: Zone): Promise<unknown> {
  const answer = await fetch(url, { method, signal: AbortSignal.timeout(patienceMs), ...(body ? { body: JSON.stringify(body) } : {}) });
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
  return answer.json();
}

async function put(authority: string, change: (held: Zone) => Pick<Zone, 'records'>): Promise<void> {
  const held = await call('GET', `http://${authority}/zone`) as Zone;
  await call('PUT', `http://${authority}/zone`, { ...held, ...change(held), serial: held.serial + 1 });
}

const wanted = act === 'restore' ? (await call('GET', `http://${gslb}/state`) as { zone: Zone }).zone.records : null;
await Promise.all(authorities.map((authority) => put(authority, ({ records }) => {
  const old = records[name];
  if (!old) throw new Error(`${authority} does not know ${name}`);
  return { records: wanted ?? { ...records, [name]: { addresses, ttl: old.ttl } } };
})));
