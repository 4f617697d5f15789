import type { Ask } from '../../census.ts';
import { must, type Exec } from '../../exec.ts';

/** Statements through the engine's own client, inside the world and over the server's socket, which no cut reaches. */
export function asker(inWorld: Exec, client: readonly string[], schema: string): Ask {
  return async (region, sql, signal, named = false) => {
    const argv = [...client, `--socket=/run/data/${region}.sock`, '-uroot', '-B', ...(named ? [] : ['-N']), schema];
    const out = await must(inWorld, argv, { input: sql, timeoutMs: 15_000, ...(signal ? { signal } : {}) });
    return out.split('\n').filter((line) => line !== '').map((line) => line.split('\t'));
  };
}
