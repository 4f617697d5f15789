import { must, type Exec } from '../../exec.ts';
import type { Step } from '../../world.ts';
import { pilotSocket } from './system.ts';

/** What the pilot said when it was done. */
export interface Said { readonly said: string; readonly savedTo?: string }

/** Runs in the pilot's container: one request over its socket, status and body out; asks again while the socket is not there yet. */
const script = `const { request } = await import('node:http');
const end = Date.now() + 15000;
const ask = () => new Promise((done, fail) => request({ socketPath: process.argv[1], path: process.argv[2], method: 'POST' }, (r) => { let t = ''; r.setEncoding('utf8').on('data', (c) => { t += c; }).on('end', () => done({ status: r.statusCode, body: t })); }).on('error', fail).end());
for (;;) { try { console.log(JSON.stringify(await ask())); break; } catch (e) { if (!['ENOENT', 'ECONNREFUSED'].includes(e.code) || Date.now() > end) throw e; await new Promise((r) => setTimeout(r, 100)); } }`;

/** Asks the pilot over its socket, as an operator would, and waits until it has done it. Rejects with its reason when it refuses. */
export async function askPilot(pilot: Exec, step: Step | 'arrange', signal: AbortSignal, timeoutMs: number): Promise<Said> {
  const out = await must(pilot, ['node', '--input-type=module', '-e', script, pilotSocket, `/${step.replace(' ', '-')}`], { timeoutMs, signal });
  const { status, body } = JSON.parse(out) as { status: number; body: string };
  const answer = readBody(body);
  const said = String(answer['said'] ?? answer['error'] ?? body);
  if (status !== 200) throw new Error(said);
  return { said, ...(typeof answer['savedTo'] === 'string' ? { savedTo: answer['savedTo'] } : {}) };
}

function readBody(text: string): Record<string, unknown> {
  try { return JSON.parse(text) as Record<string, unknown>; } catch { return {}; }
}
