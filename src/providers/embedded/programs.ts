import { must, type Exec } from '../../exec.ts';
import type { Part, Place } from '../../topology.ts';

/** A program of the world: where it stands, what it is a part of, its command, and where its lines go. */
export interface Program {
  readonly place: Place;
  readonly part: Part;
  readonly name: string;
  readonly netns: string;
  readonly argv: readonly string[];
  readonly logFile: string;
}

/** Writes the script that starts each program if it is not running: for us, for a heal, and for a watchdog that outlives us. */
export async function installPrograms(inWorld: Exec, programs: readonly Program[]): Promise<void> {
  const scripts = programs.map((program) => `cat > /run/start/${program.name} <<'END_OF_START'\n${startScript(program)}END_OF_START`).join('\n');
  await must(inWorld, ['sh', '-e'], { input: scripts });
}

// A dead process stays in /proc as a zombie until it is taken in, and kill -0 takes that for life. One with many threads is a zombie by name while the others, and its sockets, still end.
const alive = (pid: string) => `{ grep -qs '^State:[[:space:]]*[RSDT]' /proc/${pid}/status || [ "$(ls /proc/${pid}/task 2>/dev/null | wc -l)" -gt 1 ]; }`;

function startScript(program: Program): string {
  const command = program.argv.map(quote).join(' ');
  return `pid=$(cat /run/pids/${program.name} 2>/dev/null || echo none)
${alive('$pid')} && exit 0
setsid -f nsenter --net=/run/netns/${program.netns} sh -c 'echo $$ > /run/pids/${program.name}; exec "$@"' start ${command} >> ${quote(program.logFile)} 2>&1 < /dev/null
`;
}

/** Where a program's process is told: by itself when it starts, or by what it has start and start again. */
export function pidFileOf(name: string): string {
  return `/run/pids/${name}`;
}

/** Starts those that are not running, in the order given. */
export async function startPrograms(inWorld: Exec, programs: readonly Program[]): Promise<void> {
  await must(inWorld, ['sh', '-e'], { input: programs.map((program) => `sh /run/start/${program.name}`).join('\n'), timeoutMs: 20_000 });
}

/** Sends one signal to each, by the pid it wrote down itself; programs that do not run are passed over. */
export async function signalPrograms(inWorld: Exec, programs: readonly Program[], signal: 'KILL' | 'STOP' | 'CONT' | 'TERM'): Promise<void> {
  await must(inWorld, ['sh'], { input: `${signalScript(programs, signal)}\ntrue\n`, timeoutMs: 20_000 });
}

/** Waits until killed programs are gone: a big one takes a moment to give its memory back, and its sockets last as long. Throws after 5 s. */
export async function awaitDeath(inWorld: Exec, programs: readonly Program[]): Promise<void> {
  const end = Date.now() + 5_000;
  for (;;) {
    const living = programs.length - (await deadPrograms(inWorld, programs)).length;
    if (living === 0) return;
    if (Date.now() > end) throw new Error(`${living} killed programs still run`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

/** Shell that does what `signalPrograms` does. */
export function signalScript(programs: readonly Program[], signal: string): string {
  return programs.map((program) => `pid=$(cat /run/pids/${program.name} 2>/dev/null) && kill -${signal} "$pid" 2>/dev/null`).join('\n');
}

/** Shell that starts those that are not running. */
export function startAgain(programs: readonly Program[]): string {
  return programs.map((program) => `sh /run/start/${program.name}`).join('\n');
}

/** The programs that do not run. */
export async function deadPrograms(inWorld: Exec, programs: readonly Program[]): Promise<readonly Program[]> {
  const script = programs.map((program) => `pid=$(cat /run/pids/${program.name} 2>/dev/null || echo none); ${alive('$pid')} || echo ${program.name}`).join('\n');
  const names = new Set((await must(inWorld, ['sh'], { input: `${script}\ntrue\n`, timeoutMs: 20_000 })).split('\n'));
  return programs.filter((program) => names.has(program.name));
}

/** A word that the shell takes as it is. */
export function quote(word: string): string {
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
