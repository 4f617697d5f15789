import { connect, type Connection, type Door } from './connection.ts';

/** Whether this app calls itself healthy; never rejects. */
export type Health = () => Promise<{ readonly healthy: boolean; readonly why: string }>;

/** Healthy while the process lives. */
export const shallow: Health = async () => ({ healthy: true, why: 'the process lives' });

/**
 * Healthy while a SELECT 1 on the database works within `limitMs`, over a connection of its own: a pool full of stuck writes does not make the
 * database dead. Askers who come while a look is under way share its answer, so that many checkers do not open many connections.
 */
export function deep(door: Door, limitMs: number): Health {
  let kept: Connection | null = null;
  let looking: ReturnType<Health> | null = null;
  const look = async () => {
    const endsAt = performance.now() + limitMs;
    try {
      if (!kept?.alive()) kept = await connect(door, limitMs);
      const answer = await kept.query('SELECT 1', [], endsAt - performance.now());
      return answer.ok ? { healthy: true, why: `server ${kept.server} answers` } : { healthy: false, why: answer.error };
    } catch (error) {
      return { healthy: false, why: (error as Error).message };
    }
  };
  return () => (looking ??= look().finally(() => { looking = null; }));
}
