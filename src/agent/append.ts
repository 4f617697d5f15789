import type { Manner, Outcome, Target, Write, WriteSeen } from '../seen.ts';
import { exchange, type Answer } from './exchange.ts';
import type { Line, Lines } from './lines.ts';

/** What is known of a write: never more than the client was told. `server` and `gtid` where it was told them. */
export function sayWrite(write: Write, outcome: Outcome, told: { readonly server?: unknown; readonly gtid?: unknown; readonly servedBy?: string | null } = {}): WriteSeen {
  return { op: `${write.writer}:${write.number}`, attempt: write.attempt, outcome, server: text(told.server), gtid: text(told.gtid), servedBy: told.servedBy ?? null };
}

/** Writes through the app; never rejects. Without a connection it is refused, since nothing was sent; once the request may have left, only a whole answer settles it. */
export async function appendThroughApp(lines: Lines, target: Target, write: Write, manner: Manner, signal: AbortSignal): Promise<WriteSeen> {
  let line: Line;
  try { line = await lines.take(target, manner, signal); } catch { return sayWrite(write, 'refused'); }
  try {
    const answer = await exchange(line, { method: 'POST', path: '/orders', body: JSON.stringify(write) }, signal);
    if (answer.keeps) lines.keep(line, target, manner);
    return settle(write, answer);
  } catch {
    return sayWrite(write, 'indeterminate');
  }
}

function settle(write: Write, answer: Answer): WriteSeen {
  const told = parse(answer.body);
  const { servedBy } = answer;
  if (answer.status === 200 && told.outcome === 'acked') return sayWrite(write, 'acked', { server: told.server, gtid: told.gtid, servedBy });
  // A bare 503 may come from anything on the way; only the app's own word says that nothing was committed.
  if (answer.status === 503 && told.outcome === 'refused') return sayWrite(write, 'refused', { servedBy });
  return sayWrite(write, 'indeterminate', { servedBy });
}

function parse(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {};
  } catch {
    return {};
  }
}

function text(value: unknown): string | null {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : null;
}
