import { engines } from '../test/engines.ts';
import { makeBed } from '../src/system/pilot/testbed-fixture.ts';
import { openSession } from '../src/system/pilot/connect.ts';
const bed = await makeBed(engines.find((e) => e.name === (process.argv[2] ?? 'mysql'))!, {});
try {
  console.log(await bed.call('POST', '/arrange'));
  const { b } = bed;
  const s = await openSession({ host: b.host, port: bed.port, user: 'pilot', password: 'p1', from: '127.0.0.9' }, 20_000);
  const t = async (sql: string) => { const at = performance.now(); await s.ask(sql).catch((e: Error) => console.log(e.message)); console.log(sql, (performance.now() - at).toFixed(0)); };
  for (const sql of ['STOP REPLICA IO_THREAD', 'START REPLICA IO_THREAD', 'DO SLEEP(1)', 'STOP REPLICA SQL_THREAD', 'START REPLICA', 'DO SLEEP(1)', 'STOP REPLICA', 'START REPLICA', 'DO SLEEP(1)']) await t(sql);
  bed.a.cut('replica');
  await t('DO SLEEP(0.5)');
  await t('STOP REPLICA IO_THREAD');
  s.end();
} finally { await bed.close(); }
process.exit(0);
