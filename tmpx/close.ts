import { engines } from '../test/engines.ts';
import { makeBed } from '../src/system/pilot/testbed-fixture.ts';
import { openSession } from '../src/system/pilot/connect.ts';
import { mysql } from '../src/system/pilot/mysql.ts';
const bed = await makeBed(engines.find((e) => e.name === (process.argv[2] ?? 'mysql'))!, {});
try {
  console.log(await bed.call('POST', '/arrange'));
  const { a } = bed;
  let acked = 0; let go = true;
  const w = (async () => { const c = await a.inside(); try { for (; go; acked++) await c.ask('INSERT INTO shop.orders (number) VALUES (1)'); } catch (e) { console.log((e as Error).message); } })();
  await new Promise((r) => setTimeout(r, 1500));
  const open = () => openSession({ host: a.host, port: bed.port, user: 'pilot', password: 'p1', from: '127.0.0.9' }, 20_000);
  const [one, other, third] = await Promise.all([open(), open(), open()]);
  console.log('acked', acked);
  const at = performance.now();
  const say = (what: string) => console.log(what, (performance.now() - at).toFixed(0));
  const spy = (s: typeof one, name: string) => ({ ...s, ask: async (...args: Parameters<typeof s.ask>) => { const rows = await s.ask(...args); say(`${name} ${args[0].slice(0, 50)}`); return rows; } });
  console.log(await mysql.closeWrites(spy(one, '1'), spy(other, '2'), ['pilot', 'repl'], 300, 3000));
  say('closed');
  go = false; await w;
  third.end();
} finally { await bed.close(); }
process.exit(0);
