import { request as ask, type IncomingMessage } from 'node:http';
import type { Line } from './lines.ts';
import { troubleIn, until } from './until.ts';

/** A whole answer. `keeps`: the connection may carry another request. */
export interface Answer { readonly status: number; readonly servedBy: string | null; readonly body: string; readonly keeps: boolean }

/** One request and its whole answer on a connection that stands. Where it rejects, the request may have been sent, and the connection is destroyed. */
export function exchange(line: Line, request: { readonly method: string; readonly path: string; readonly body?: string }, signal: AbortSignal): Promise<Answer> {
  return until<Answer>(signal, 'still waiting for the answer', (done, fail) => {
    let whole = false;
    const failed = (error: unknown): void => fail(troubleIn('answer', error));
    const sent = ask({
      method: request.method, path: request.path, setHost: false, headers: headersFor(line, request.body),
      ...(line.agent ? { agent: line.agent } : { createConnection: () => line.socket }),
    });
    sent.on('error', failed);
    sent.on('response', (answer) => {
      let body = '';
      answer.setEncoding('utf8');
      answer.on('data', (text: string) => { body += text; });
      answer.on('error', failed);
      answer.on('end', () => {
        whole = answer.complete;
        if (whole) done({ status: answer.statusCode ?? 0, servedBy: servedBy(answer), body, keeps: line.agent !== null && answer.headers.connection !== 'close' });
        else failed('cut short');
      });
    });
    sent.end(request.body);
    return () => {
      if (!whole) sent.destroy();
      if (!whole || line.agent === null) line.socket.destroy();
    };
  });
}

function headersFor(line: Line, body: string | undefined): Record<string, string | number> {
  const sized = body === undefined ? {} : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  return { host: line.host, 'cache-control': 'no-store', connection: line.agent ? 'keep-alive' : 'close', ...sized };
}

function servedBy(answer: IncomingMessage): string | null {
  const named = answer.headers['x-served-by'];
  return typeof named === 'string' ? named : null;
}
