import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { hostMs } from '../../clock.ts';
import { must } from '../../exec.ts';
import type { ControlPart, Part, Place } from '../../topology.ts';
import type { Levers, Side, Undo, UndoRecord } from '../../world.ts';
import { cutApart } from './firewall.ts';
import { clusterIn, type Ground } from './ground.ts';
import type { Cluster } from './kind.ts';
import { pidOf, type Container } from './pods.ts';

/** The levers of a world of clusters. Each pull is on disk before it is made and ends by itself in the node, with no process of ours left to end it. */
export function makeLevers(ground: Ground, undoDir: string): Omit<Levers, 'overwrite'> {
  let pulls = 0;
  const pull = async (lever: UndoRecord['lever'], what: string, forMs: number, act: (id: string) => Promise<() => Promise<void>>): Promise<Undo> => {
    const id = `${++pulls}`;
    const record: UndoRecord = { id, lever, what, deadline: hostMs() + forMs };
    const file = join(undoDir, `${id}-${lever}.json`);
    await mkdir(undoDir, { recursive: true });
    await writeFile(file, `${JSON.stringify(record, null, 2)}\n`);
    const undo = await act(id).catch(async (error: unknown) => { await rm(file, { force: true }); throw error; });
    let healing: Promise<void> | undefined;
    return { record, heal: () => (healing ??= undo().then(() => rm(file, { force: true })).catch((error: unknown) => { healing = undefined; throw error; })) };
  };
  return {
    cut: (a, b, how, forMs) => pull('cut', `${saySide(a)} from ${saySide(b)}`, forMs, (id) => cutApart(ground, `cut${id}`, a, b, how, forMs)),
    kill: (place, part, forMs) => pull('kill', `${place}/${part}`, forMs, (id) => stopPrograms(ground, id, place, part, forMs, 'KILL')),
    freeze: (place, part, forMs) => pull('freeze', `${place}/${part}`, forMs, (id) => stopPrograms(ground, id, place, part, forMs, 'STOP')),
    sever: (place, a, b, forMs) => pull('sever', `${place}/${a} from ${place}/${b}`, forMs, (id) => cutApart(ground, `sever${id}`, { place, part: a }, { place, part: b }, { how: 'drop', direction: 'both' }, forMs)),
    stall: (place, part, forMs) => pull('stall', `${place}/${part}`, forMs, (id) => stallProgram(ground, id, place, part, forMs)),
  };
}

/** A dead process stays in /proc as a zombie until it is taken in; its sockets are closed only when its last thread has ended. */
const awaitDeath = 'while grep -qs "^State:[[:space:]]*[RSDT]" $one/task/*/status; do sleep 0.02; done';

const containersOf: Readonly<Partial<Record<Part | 'all', readonly Container[]>>> = { app: ['app'], database: ['mysql'], all: ['app', 'mysql', 'gateway'] };

/**
 * Signals all processes of containers but the first, which keeps their network and would start them again: /dev/shm/held tells it not to.
 */
async function stopPrograms(ground: Ground, id: string, place: Place, part: Part | 'all', forMs: number, signal: 'KILL' | 'STOP'): Promise<() => Promise<void>> {
  const cluster = clusterIn(ground, place);
  const containers = containersOf[part];
  if (!containers) throw new Error(`${place} has no ${part} that can be stopped`);
  const pids = await Promise.all(containers.map((container) => pidOf(cluster, container)));
  const within = (script: string) => pids.map((pid) => `nsenter -t ${pid} -m -p -- sh -c '${script}' || true`).join('\n');
  const back = signal === 'STOP' ? within('kill -CONT -1') : within('rm -f /dev/shm/held');
  const undo = await watchOver(cluster, id, forMs, back);
  const stop = signal === 'STOP' ? 'kill -STOP -1' : `touch /dev/shm/held; all=$(echo /proc/[0-9]*); kill -9 -1; for one in $all; do case $one in /proc/1|/proc/$$) ;; *) ${awaitDeath};; esac; done`;
  await must(cluster.node, ['sh'], { input: `${within(stop)}\ntrue\n`, timeoutMs: 30_000 }).catch(async (error: unknown) => { await undo(); throw error; });
  return undo;
}

/**
 * Stops the one process of a container that stands in for a program of the control plane, by the node's own signal: such containers have no shell to be entered by.
 * The kubelet starts a container again that has not answered for long enough (the API server's after about 80 s), so a longer pull ends sooner than it says.
 */
async function stallProgram(ground: Ground, id: string, place: Place, part: ControlPart, forMs: number): Promise<() => Promise<void>> {
  const cluster = clusterIn(ground, place);
  const pid = await pidOf(cluster, part);
  const back = `kill -CONT ${pid} || true`;
  const undo = await watchOver(cluster, id, forMs, back);
  await must(cluster.node, ['kill', '-STOP', String(pid)], { timeoutMs: 30_000 }).catch(async (error: unknown) => { await undo(); throw error; });
  return undo;
}

/** A watchdog in the node, child of nobody here, that runs `back` at the deadline; answers how to run it now instead. */
async function watchOver(cluster: Cluster, id: string, forMs: number, back: string): Promise<() => Promise<void>> {
  const watchdog = `/run/regionfall-watchdog${id}`;
  await must(cluster.node, ['sh', '-e'], { timeoutMs: 30_000, input: `cat > ${watchdog} <<'END_OF_WATCHDOG'
sleep ${(forMs / 1000).toFixed(3)}
${back}
END_OF_WATCHDOG
setsid -f sh -c 'echo $$ > ${watchdog}.pid; exec sh ${watchdog}' >/dev/null 2>&1 </dev/null
` });
  return async () => {
    await must(cluster.node, ['sh'], { input: `pid=$(cat ${watchdog}.pid 2>/dev/null) && kill -9 -"$pid" 2>/dev/null\nrm -f ${watchdog}*\n${back}\ntrue\n`, timeoutMs: 30_000 });
  };
}

function saySide(side: Side): string {
  if (side === 'rest') return 'everything else';
  return side.part === undefined ? side.place : `${side.place}/${side.part}`;
}
