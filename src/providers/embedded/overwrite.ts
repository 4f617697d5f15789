import { fileURLToPath } from 'node:url';
import { must, type Exec } from '../../exec.ts';
import { quote } from './programs.ts';
import { smallNode } from './system.ts';

/** What a second writer is told, as one JSON argument: the name, the addresses it is to have, who holds it, and who says what it should be. `host:port` each. */
export interface Rewriting { readonly name: string; readonly addresses: readonly string[]; readonly authorities: readonly string[]; readonly gslb: string }

const script = fileURLToPath(new URL('./second-writer.ts', import.meta.url));

/** Has a second writer change a name at all authorities; one in the world, child of nobody here, puts back what the load balancer has after `forMs`. Answers how to do so now. */
export async function overwrite(outside: Exec, id: string, rewriting: Rewriting, forMs: number): Promise<() => Promise<void>> {
  const command = (act: 'write' | 'restore') => [...smallNode, script, act, JSON.stringify(rewriting)];
  const watchdog = `/run/watchdog${id}`;
  const back = command('restore').map(quote).join(' ');
  await must(outside, ['sh', '-e'], { input: `cat > ${watchdog} <<'END_OF_WATCHDOG'\nsleep ${(forMs / 1000).toFixed(3)}\n${back}\nEND_OF_WATCHDOG\nsetsid -f sh -c 'echo $$ > ${watchdog}.pid; exec sh ${watchdog}' >/dev/null 2>&1 </dev/null\n` });
  const undo = async () => {
    await must(outside, ['sh', '-e'], { input: `pid=$(cat ${watchdog}.pid 2>/dev/null) && { kill -9 -"$pid" 2>/dev/null || true; }\nrm -f ${watchdog}*\n${back}\n`, timeoutMs: 20_000 });
  };
  await must(outside, command('write'), { timeoutMs: 20_000 }).catch(async (error: unknown) => { await undo().catch(() => {}); throw error; });
  return undo;
}
