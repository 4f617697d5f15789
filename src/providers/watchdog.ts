import { must, type Exec } from '../exec.ts';

/** How long the far side may take to do as it is told (ms). */
const toldWithinMs = 30_000;

/** Leaves a shell script running where it is to act, child of nobody here, so that it goes on when the harness is gone. `file` is where it is kept there. Answers how to end it. */
export async function leaveBehind(where: Exec, file: string, script: string): Promise<() => Promise<void>> {
  await must(where, ['sh', '-e'], { timeoutMs: toldWithinMs, input: `cat > ${file} <<'END_OF_SCRIPT'\n${script}\nEND_OF_SCRIPT\nsetsid -f sh -c 'echo $$ > ${file}.pid; exec sh ${file}' >/dev/null 2>&1 </dev/null\n` });
  return () => tell(where, file, 'true');
}

/** Has `back` run there after `forMs`, whoever is left to see it. Answers how to run it now instead; that rejects where the last command of `back` fails. */
export async function watchOver(where: Exec, file: string, forMs: number, back: string): Promise<() => Promise<void>> {
  await leaveBehind(where, file, `sleep ${(forMs / 1000).toFixed(3)}\n${back}`);
  return () => tell(where, file, back);
}

async function tell(where: Exec, file: string, then: string): Promise<void> {
  await must(where, ['sh'], { timeoutMs: toldWithinMs, input: `pid=$(cat ${file}.pid 2>/dev/null) && kill -9 -"$pid" 2>/dev/null\nrm -f ${file}*\n${then}\n` });
}
