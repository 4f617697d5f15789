import { spawn } from 'node:child_process';
import { Transform, type Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Login } from './connect.ts';

/** Options by which an engine's own command-line programs find a server. */
export function doorOf(login: Login): string[] {
  return [`--host=${login.host}`, `--port=${login.port}`, `--user=${login.user}`];
}

/** The environment that gives such a program the password: not in argv, where every user of the machine could read it. */
export function withPassword(login: Login): NodeJS.ProcessEnv {
  return { ...process.env, MYSQL_PWD: login.password };
}

/** Runs a program and pipes what it says into `out`; rejects with its own words unless it ends with 0. */
export async function run(file: string, argv: readonly string[], login: Login, out: Writable): Promise<void> {
  const child = spawn(file, argv, { env: withPassword(login), stdio: ['ignore', 'pipe', 'pipe'] });
  await Promise.all([pipeline(child.stdout, out), ended(child, file)]);
}

/** Resolves when a program ends with 0; rejects with its own words otherwise. */
export function ended(child: ReturnType<typeof spawn>, file: string): Promise<void> {
  let said = '';
  child.stderr?.setEncoding('utf8').on('data', (chunk: string) => { said = (said + chunk).slice(-2_000); });
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(new Error(`${file}: ${error.message}`)));
    child.on('close', (code, signal) => (code === 0 ? resolve() : reject(new Error(`${file}: ${signal ?? `exit ${code}`}: ${said.trim()}`))));
  });
}

/** Passes text on unchanged and shows each line that flows by. */
export function watching(see: (line: string) => void): Transform {
  let rest = '';
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const lines = (rest + chunk.toString('latin1')).split('\n');
      rest = (lines.pop() ?? '').slice(0, 1_000); // what we look for is short; one row of a dump may be huge
      lines.forEach(see);
      done(null, chunk);
    },
  });
}
