import type { Request } from './protocol.ts';

/** Questions to an agent that wait for their answers. */
export interface Calls {
  /** Rejects with the agent's own reason, or when no answer has come after `limitMs`. */
  call(request: Request, limitMs: number): Promise<unknown>;
  settle(answer: { readonly id: number; readonly value: unknown } | { readonly id: number; readonly error: string }): void;
  /** Rejects all that wait, and all that come later. */
  failAll(why: string): void;
}

interface Waiting { resolve(value: unknown): void; reject(error: Error): void }

/** Numbered requests over one line of text each. */
export function makeCalls(write: (line: string) => void): Calls {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  let gone: string | null = null;
  const take = (id: number): Waiting | undefined => {
    const found = waiting.get(id);
    waiting.delete(id);
    return found;
  };
  return {
    call(request, limitMs) {
      if (gone !== null) return Promise.reject(new Error(gone));
      const id = last += 1;
      return new Promise((resolve, reject) => {
        const limit = setTimeout(() => take(id)?.reject(new Error(`the agent did not answer within ${limitMs} ms`)), limitMs);
        waiting.set(id, {
          resolve: (value) => { clearTimeout(limit); resolve(value); },
          reject: (error) => { clearTimeout(limit); reject(error); },
        });
        write(JSON.stringify({ id, ...request }));
      });
    },
    settle(answer) {
      const one = take(answer.id);
      if ('error' in answer) one?.reject(new Error(answer.error));
      else one?.resolve(answer.value);
    },
    failAll(why) {
      gone = why;
      for (const id of [...waiting.keys()]) take(id)?.reject(new Error(why));
    },
  };
}
