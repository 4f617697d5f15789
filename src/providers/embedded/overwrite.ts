import { fileURLToPath } from 'node:url';
import { must, type Exec } from '../../exec.ts';
import { watchOver } from '../watchdog.ts';
import { quote } from './programs.ts';
import { smallNode } from './system.ts';

/** What a second writer is told, as one JSON argument: the name, the addresses it is to have, who holds it, and who says what it should be. `host:port` each. */
export interface Rewriting { readonly name: string; readonly addresses: readonly string[]; readonly authorities: readonly string[]; readonly gslb: string }

const script = fileURLToPath(new URL('./second-writer.ts', import.meta.url));

/** Has a second writer change a name at all authorities; one in the world, child of nobody here, puts back what the load balancer has after `forMs`. Answers how to do so now. */
export async function overwrite(outside: Exec, id: string, rewriting: Rewriting, forMs: number): Promise<() => Promise<void>> {
  const command = (act: 'write' | 'restore') => [...smallNode, script, act, JSON.stringify(rewriting)];
  const undo = await watchOver(outside, `/run/watchdog${id}`, forMs, command('restore').map(quote).join(' '));
  await must(outside, command('write'), { timeoutMs: 20_000 }).catch(async (error: unknown) => { await undo().catch(() => {}); throw error; });
  return undo;
}
