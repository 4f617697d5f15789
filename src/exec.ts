import { execa, type Options } from 'execa';

/** How a command ended; `code` is null where a signal ended it. */
export interface Done { readonly code: number | null; readonly stdout: string; readonly stderr: string; readonly timedOut: boolean }

/** A long-lived command: lines in, lines out. `gone` resolves when it has ended, whatever the reason; it never rejects. */
export interface Running {
  readonly pid: number;
  write(line: string): void;
  lines(): AsyncIterable<string>;
  /** Closes its stdin: the way to ask a program that reads lines to leave, also from behind `nsenter` or `docker exec`, which pass on no signal. */
  end(): void;
  kill(signal?: NodeJS.Signals): void;
  readonly gone: Promise<Done>;
}

export interface ExecOptions {
  readonly input?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
  readonly env?: Readonly<Record<string, string>>;
}

/** A place to run commands, as a value: this machine, a network namespace, a container. */
export interface Exec {
  /** Runs to the end, or until its time is up or the signal comes, which end it with all that it started; never rejects for what the command did: read `code`. */
  run(argv: readonly string[], options?: ExecOptions): Promise<Done>;
  /** Starts a command whose stdin and stdout are lines of text. */
  start(argv: readonly string[], options?: Pick<ExecOptions, 'env'>): Running;
}

/** This machine. */
export const here: Exec = { run, start };

/** The same commands, each run behind `prefix` (`nsenter ...`, `docker exec ...`). */
export function through(prefix: readonly string[], exec: Exec = here): Exec {
  return {
    run: (argv, options) => exec.run([...prefix, ...argv], options),
    start: (argv, options) => exec.start([...prefix, ...argv], options),
  };
}

/** Runs a command that must succeed; its stdout without the last newline. Throws an Error with command, status and stderr. */
export async function must(exec: Exec, argv: readonly string[], options?: ExecOptions): Promise<string> {
  const done = await exec.run(argv, options);
  if (done.code === 0) return done.stdout;
  const why = done.timedOut ? 'timed out' : `exit ${done.code}`;
  throw new Error(`${argv.join(' ').slice(0, 300)}: ${why}: ${(done.stderr || done.stdout).trim().slice(-2000)}`);
}

// Each command leads a process group of its own, and it is the group that is ended: behind `nsenter` or `docker exec` the program itself is a child
// that a signal to its parent never reaches, and that would keep the answer open. A terminal's Ctrl-C stays with the harness, which has yet to heal.
async function run(argv: readonly string[], options: ExecOptions = {}): Promise<Done> {
  const [file = '', ...args] = argv;
  if (options.signal?.aborted) return { code: null, stdout: '', stderr: 'interrupted before it began', timedOut: false };
  const child = execa(file, args, { ...common(options), reject: false, ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }) });
  let timedOut = false;
  const end = () => endGroup(child.pid);
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(() => { timedOut = true; end(); }, options.timeoutMs);
  options.signal?.addEventListener('abort', end, { once: true });
  const result = await child;
  clearTimeout(timer);
  options.signal?.removeEventListener('abort', end);
  const missing = result.exitCode === undefined && result.signal === undefined;
  return {
    code: missing ? 127 : (result.exitCode ?? null),
    stdout: text(result.stdout),
    stderr: missing ? (result.originalMessage ?? `${file} could not be started`) : text(result.stderr),
    timedOut,
  };
}

/** Asks a process group to end, and insists two seconds later. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  const kill = (signal: NodeJS.Signals) => { try { process.kill(-pid, signal); } catch { /* all of it has ended */ } };
  kill('SIGTERM');
  setTimeout(() => kill('SIGKILL'), 2_000).unref();
}

function start(argv: readonly string[], options: Pick<ExecOptions, 'env'> = {}): Running {
  const [file = '', ...args] = argv;
  const child = execa(file, args, { ...common(options), reject: false, buffer: false, stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' });
  child.stdin.on('error', () => {}); // a child that is gone is told by `gone`, not by EPIPE
  const gone = child.then((result): Done => ({ code: result.exitCode ?? null, stdout: '', stderr: '', timedOut: false }));
  return {
    pid: child.pid ?? -1,
    write: (line) => { child.stdin.write(`${line}\n`); },
    lines: () => child.iterable({ from: 'stdout' }) as AsyncIterable<string>,
    end: () => { child.stdin.end(); },
    kill: (signal = 'SIGTERM') => { try { process.kill(-(child.pid ?? 0), signal); } catch { /* all of it has ended */ } },
    gone,
  };
}

function common(options: ExecOptions): Options {
  return {
    ...(options.env === undefined ? {} : { env: options.env }),
    detached: true,
    cleanup: true,
    maxBuffer: 256 * 1024 * 1024,
  };
}

function text(out: unknown): string {
  return typeof out === 'string' ? out : '';
}
