import { basename, dirname } from 'node:path';

// Until it names itself, a program goes by the folder it lives in: `gslb`, `pilot`, `app`.
let self = basename(dirname(process.argv[1] ?? ''));

// Whoever reads the log may end before this program does; that must not end the system.
process.stdout.on('error', () => {});

/** Monotonic ms of this kernel, with fractions: one clock for all processes and network namespaces of a host. */
export function hostMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}

/** From now on this process logs as `who`, such as `app/us-west-2`. */
export function signAs(who: string): void {
  self = who;
}

/** Writes one JSON line to stdout: what happened to which subject, when (host monotonic ms), and what shows it. */
export function log(what: string, subject: string, evidence: Readonly<Record<string, unknown>> = {}, who: string = self): void {
  process.stdout.write(`${JSON.stringify({ t: hostMs(), who, what, subject, evidence })}\n`);
}
