import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { log } from '../log.ts';
import { ended, withPassword } from './client-programs.ts';
import type { Database } from './config.ts';
import { loginOf, type Pilot } from './pilot.ts';

/** A line of a runbook's own that says which step it comes to. */
const stepLine = /^step:\s*(.+)$/;

/** What a runbook finds in its environment: whom to promote and whom to leave, how to reach them, and the engine's own client with its options. MYSQL_PWD has the password. */
export function environmentOf(pilot: Pilot, old: Database, candidate: Database): Readonly<Record<string, string>> {
  const { engine, admin } = pilot.config;
  const client = (database: Database) => `${engine} --host=${database.host} --port=${database.port} --user=${admin.user}`;
  return {
    ENGINE: engine, CANDIDATE: candidate.region, CANDIDATE_HOST: candidate.host, CANDIDATE_PORT: String(candidate.port), CANDIDATE_CLIENT: client(candidate),
    OLD: old.region, OLD_HOST: old.host, OLD_PORT: String(old.port), OLD_CLIENT: client(old), ADMIN_USER: admin.user,
  };
}

/** Runs the team's own commands to their end, each step logged when it begins ("step: ..." on standard output). Rejects with their last words where they fail, and then nothing of the pilot's own is done. */
export async function followRunbook(pilot: Pilot, old: Database, candidate: Database): Promise<void> {
  const child = spawn('sh', ['-e', '-c', pilot.config.runbook], { env: { ...withPassword(loginOf(pilot, candidate)), ...environmentOf(pilot, old, candidate) }, stdio: ['ignore', 'pipe', 'pipe'] });
  log('runbook began', candidate.region);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const step = stepLine.exec(line)?.[1];
    if (step !== undefined) log('runbook step', step.trim());
  });
  await ended(child, 'the runbook');
  log('runbook ended', candidate.region);
}
