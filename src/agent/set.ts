import { z } from 'zod';
import type { Lineage, Manner, Outcome, Target, Update, UpdateSeen } from '../seen.ts';
import { exchange } from './exchange.ts';
import type { Line, Lines } from './lines.ts';

/** What is known of a setting: never more than the client was told. */
export function sayUpdate({ group, slot, writer, number }: Update, outcome: Outcome, told: Partial<Pick<UpdateSeen, 'server' | 'gtid' | 'servedBy' | 'found'>> = {}): UpdateSeen {
  return { group, slot, value: `${writer}:${number}`, outcome, server: null, gtid: null, servedBy: null, found: null, ...told };
}

/** What a row says its value took the place of, newest first; null where it says nothing of the kind. */
export function readFound(over: unknown, before: unknown): Lineage {
  const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
  const first = text(over);
  return first === null ? [null] : [first, text(before)];
}

const answerSchema = z.object({
  outcome: z.enum(['acked', 'refused', 'indeterminate']), server: z.union([z.string(), z.number()]).transform(String).nullish(), gtid: z.string().nullish(),
  found: z.array(z.string().nullable()).nullish(),
});

/** Sets a register through the app; never rejects. Without a connection it is refused, since nothing was sent; once the request may have left, only the app's own word settles it. */
export async function updateThroughApp(lines: Lines, target: Target, update: Update, manner: Manner, signal: AbortSignal): Promise<UpdateSeen> {
  let line: Line;
  try { line = await lines.take(target, manner, signal); } catch { return sayUpdate(update, 'refused'); }
  try {
    const answer = await exchange(line, { method: 'POST', path: '/registers', body: JSON.stringify(update) }, signal);
    if (answer.keeps) lines.keep(line, target, manner);
    const { servedBy } = answer;
    const told = answerSchema.safeParse(JSON.parse(answer.body));
    if (answer.status === 200 && told.data?.outcome === 'acked') return sayUpdate(update, 'acked', { server: told.data.server ?? null, gtid: told.data.gtid ?? null, found: told.data.found ?? null, servedBy });
    return sayUpdate(update, answer.status === 503 && told.data?.outcome === 'refused' ? 'refused' : 'indeterminate', { servedBy });
  } catch {
    return sayUpdate(update, 'indeterminate');
  }
}
