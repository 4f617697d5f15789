import { request } from 'node:http';
import type { Step } from '../../world.ts';

/** What the pilot said when it was done. */
export interface Said { readonly said: string; readonly savedTo?: string }

/** Asks the pilot over its socket, as an operator would, and waits until it has done it. Rejects with its reason when it refuses. */
export async function askPilot(socketPath: string, step: Step | 'arrange', signal: AbortSignal, timeoutMs: number): Promise<Said> {
  const path = `/${step.replace(' ', '-')}`;
  const end = Date.now() + timeoutMs;
  for (;;) {
    try {
      return await post(socketPath, path, signal, Math.max(1, end - Date.now()));
    } catch (error) {
      // Only the first seconds: the pilot opens its socket a moment after it was started.
      const code = (error as NodeJS.ErrnoException).code;
      if ((code !== 'ENOENT' && code !== 'ECONNREFUSED') || Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
      signal.throwIfAborted();
    }
  }
}

function post(socketPath: string, path: string, signal: AbortSignal, timeoutMs: number): Promise<Said> {
  return new Promise((resolve, reject) => {
    const call = request({ socketPath, path, method: 'POST', signal, timeout: timeoutMs }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => { text += chunk; }).on('end', () => {
        const body = readBody(text);
        const said = String(body['said'] ?? body['error'] ?? text);
        if (response.statusCode === 200) resolve({ said, ...(typeof body['savedTo'] === 'string' ? { savedTo: body['savedTo'] } : {}) });
        else reject(new Error(said));
      });
    });
    call.on('timeout', () => call.destroy(new Error(`the pilot did not finish ${path} within ${timeoutMs / 1000} s`)));
    call.on('error', reject).end();
  });
}

function readBody(text: string): Record<string, unknown> {
  try { return JSON.parse(text) as Record<string, unknown>; } catch { return {}; }
}
