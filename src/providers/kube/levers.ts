import { must } from '../../exec.ts';
import type { ControlPart, Part, Place } from '../../topology.ts';
import type { Levers } from '../../world.ts';
import { openPulls, sayCut } from '../pull.ts';
import { watchOver } from '../watchdog.ts';
import { cutApart } from './firewall.ts';
import { clusterIn, type Ground } from './ground.ts';
import { pidOf, type Container } from './pods.ts';

/** The levers of a world of clusters. Each pull is on disk before it is made and ends by itself in the node, with no process of ours left to end it. */
export function makeLevers(ground: Ground, undoDir: string): Omit<Levers, 'overwrite'> {
  const pull = openPulls(undoDir);
  return {
    cut: (a, b, how, forMs) => pull('cut', sayCut(a, b, how), forMs, (id) => cutApart(ground, `cut${id}`, a, b, how, forMs)),
    kill: (place, part, forMs) => pull('kill', `${place}/${part}`, forMs, (id) => stopPrograms(ground, id, place, part, forMs, 'KILL')),
    freeze: (place, part, forMs) => pull('freeze', `${place}/${part}`, forMs, (id) => stopPrograms(ground, id, place, part, forMs, 'STOP')),
    sever: (place, a, b, forMs) => pull('sever', `${place}/${a} from ${place}/${b}`, forMs, (id) => cutApart(ground, `sever${id}`, { place, part: a }, { place, part: b }, { how: 'drop', direction: 'both' }, forMs)),
    stall: (place, part, forMs) => pull('stall', `${place}/${part}`, forMs, (id) => stallProgram(ground, id, place, part, forMs)),
  };
}

/** A dead process stays in /proc as a zombie until it is taken in; its sockets are closed only when its last thread has ended. */
const awaitDeath = 'while grep -qs "^State:[[:space:]]*[RSDT]" $one/task/*/status; do sleep 0.02; done';

const containersOf: Readonly<Partial<Record<Part | 'all', readonly Container[]>>> = { app: ['app'], database: ['mysql'], all: ['app', 'mysql', 'gateway'] };

/** Signals all processes of containers but the first, which keeps their network and would start them again: /dev/shm/held tells it not to. */
async function stopPrograms(ground: Ground, id: string, place: Place, part: Part | 'all', forMs: number, signal: 'KILL' | 'STOP'): Promise<() => Promise<void>> {
  const cluster = clusterIn(ground, place);
  const containers = containersOf[part];
  if (!containers) throw new Error(`${place} has no ${part} that can be stopped`);
  const pids = await Promise.all(containers.map((container) => pidOf(cluster, container)));
  const within = (script: string) => pids.map((pid) => `nsenter -t ${pid} -m -p -- sh -c '${script}' || true`).join('\n');
  const back = signal === 'STOP' ? within('kill -CONT -1') : within('rm -f /dev/shm/held');
  const undo = await watchOver(cluster.node, watchdogOf(id), forMs, `${back}\ntrue`);
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
  const undo = await watchOver(cluster.node, watchdogOf(id), forMs, `${back}\ntrue`);
  await must(cluster.node, ['kill', '-STOP', String(pid)], { timeoutMs: 30_000 }).catch(async (error: unknown) => { await undo(); throw error; });
  return undo;
}

/** Where a pull's watchdog is kept in a node. */
const watchdogOf = (id: string) => `/run/regionfall-watchdog${id}`;
