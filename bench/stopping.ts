#!/usr/bin/env node
// How long it takes to stop a replica from receiving while its source says nothing, on each engine that can be started here: `npm run bench bench/stopping.ts -- [--keep docs/stopping.md]`.
// A failover does this before anything else on the new primary. `silent`: for so long it has heard nothing when it is told to stop; over the net timeout it is connecting anew.
import { setTimeout as sleep } from 'node:timers/promises';
import { argv, fs } from 'zx';
import { makeBed } from '../src/system/pilot/testbed-fixture.ts';
import { engines } from '../test/engines.ts';

const { keep } = argv as unknown as { readonly keep?: string };
const netTimeoutsMs = [2_000, 6_000] as const;
/** Parts of the net timeout: still waiting for the next event, and connecting anew for a while. */
const silences = [0.5, 1.25, 1.5, 1.75] as const;
const stop = { mariadb: 'STOP SLAVE IO_THREAD', mysql: 'STOP REPLICA IO_THREAD' } as const;
const start = { mariadb: 'START SLAVE IO_THREAD', mysql: 'START REPLICA IO_THREAD' } as const;

async function stopAfter(engine: (typeof engines)[number], netTimeoutMs: number): Promise<number[]> {
  const bed = await makeBed(engine, { netTimeoutMs, heartbeatMs: 500, misses: 100 });
  try {
    await bed.call('POST', '/arrange');
    const took: number[] = [];
    for (const part of silences) {
      bed.a.cut('replica');
      await sleep(part * netTimeoutMs);
      const before = performance.now();
      await bed.b.sql(stop[engine.name]);
      took.push(performance.now() - before);
      bed.a.heal();
      await bed.b.sql(start[engine.name]);
      for (const endsAt = performance.now() + 20_000; !(await bed.words.follows(bed.b.sql))[0] && performance.now() < endsAt;) await sleep(100);
      await sleep(500);
    }
    return took;
  } finally {
    await bed.close();
  }
}

const lines = [`| engine | net timeout | ${silences.map((part) => `silent for ${part} of it`).join(' | ')} |`, `|${' --- |'.repeat(silences.length + 2)}`];
for (const engine of engines) {
  if (engine.cannotRun !== null) { console.error(`SKIPPED: ${engine.name}: ${engine.cannotRun}`); continue; }
  for (const netTimeoutMs of netTimeoutsMs) lines.push(`| ${engine.name} | ${netTimeoutMs / 1_000} s | ${(await stopAfter(engine, netTimeoutMs)).map((ms) => `${(ms / 1_000).toFixed(2)} s`).join(' | ')} |`);
}
console.log(lines.join('\n'));
if (keep !== undefined) await fs.outputFile(keep, `${lines.join('\n')}\n`);
