import { access, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { here, must, through, type Exec } from '../../exec.ts';
import { DrillError } from '../../errors.ts';

/** The variable by which everything that belongs to a run is found, with no memory of who started it. */
export const runVariable = 'REGIONFALL_RUN';
const harnessVariable = 'REGIONFALL_HARNESS';

/** The first process of a run's private namespaces: while it lives the world does, and nothing of the world outlives it. */
export interface Holder { readonly pid: number; readonly runId: string; readonly harnessPid: number }

/**
 * Makes private user, network, mount and process namespaces, detached from this process. `script` is shell that runs
 * inside before the holder settles down; it and its log are kept in `dir`. The holder ends by itself after `endsWithinMs`, and everything inside with it.
 */
export async function openHolder(runId: string, script: string, dir: string, endsWithinMs: number, signal: AbortSignal): Promise<Holder> {
  const seconds = Math.ceil(endsWithinMs / 1000);
  // A loop of short sleeps, because the first process must also take in the dead ones; then everything goes.
  const whole = `set -e\nmount -t tmpfs tmpfs /run\nmkdir -p /run/netns /run/pids /run/start /run/data\n${script}\ntouch /run/ready\nset +e\nn=${seconds}; while [ $n -gt 0 ]; do sleep 1; n=$((n-1)); done\n`;
  const [scriptFile, logFile] = [join(dir, 'holder.sh'), join(dir, 'holder.log')];
  await writeFile(scriptFile, whole);
  const command = 'setsid -f unshare -Urnmpf --mount-proc sh "$0" >"$1" 2>&1 </dev/null';
  await must(here, ['sh', '-c', command, scriptFile, logFile], { env: { [runVariable]: runId, [harnessVariable]: String(process.pid) } });
  for (let tries = 0; tries < 100; tries++) {
    const found = (await findHolders()).find((holder) => holder.runId === runId);
    if (found && await access(`/proc/${found.pid}/root/run/ready`).then(() => true, () => false)) {
      // Not before it is there: whoever ends a run by its holder cannot end one that is only about to be.
      signal.throwIfAborted();
      return found;
    }
    if (!found && tries > 20) break;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const log = await readFile(logFile, 'utf8').catch(() => '');
  await endHolder(runId);
  throw new DrillError('notReady', { message: `the private namespaces of the run did not come up: ${log.trim().slice(-800) || 'no word from them'}`, hint: 'run `regionfall doctor`: it tries each part by itself and names the command that mends it' });
}

/** Every holder on this machine, of every run. */
export async function findHolders(): Promise<Holder[]> {
  const found: Holder[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const holder = await readHolder(Number(pid)).catch(() => null);
    if (holder) found.push(holder);
  }
  return found;
}

async function readHolder(pid: number): Promise<Holder | null> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8');
  if (!environment.includes(`${runVariable}=`)) return null;
  const variables = new Map(environment.split('\0').map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const));
  const ids = /^NSpid:\s*(.*)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]?.split(/\s+/) ?? [];
  const runId = variables.get(runVariable);
  if (runId === undefined || ids.length < 2 || ids.at(-1) !== '1') return null;
  return { pid, runId, harnessPid: Number(variables.get(harnessVariable)) };
}

/** Kills the holder of a run, and with it all that its namespaces hold; true where there was one. Returns when it is gone. */
export async function endHolder(runId: string): Promise<boolean> {
  const holders = (await findHolders()).filter((holder) => holder.runId === runId);
  for (const { pid } of holders) {
    try { process.kill(pid, 'SIGKILL'); } catch { /* it has just ended by itself */ }
  }
  for (let tries = 0; tries < 100 && (await findHolders()).some((holder) => holder.runId === runId); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  return holders.length > 0;
}

/** A place to run commands: inside the world, in one of its network namespaces where named, behind `prefix` where given. */
export function inside(holder: Holder, netns?: string, prefix: readonly string[] = []): Exec {
  const enter = ['nsenter', '-t', String(holder.pid), '-U', '--preserve-credentials', '-m', '-p'];
  const where = netns === undefined ? [...enter, '-n'] : [...enter, `--net=/proc/${holder.pid}/root/run/netns/${netns}`];
  return through([...prefix, ...where]);
}

/**
 * What puts agents before the programs of the world where both want the processor: what looks must not be slowed by what it looks at, and a nice value
 * counts only within one session. Empty where real-time scheduling is not allowed; a busy machine then shows in the agents' gaps.
 */
export async function ahead(): Promise<readonly string[]> {
  const prefix = ['chrt', '--rr', '1'];
  return (await here.run([...prefix, 'true'])).code === 0 ? prefix : [];
}
