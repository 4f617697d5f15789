import type { Session } from './connect.ts';
import { withAdminOpen } from './mysql-plugins.ts';

/**
 * A server's own event looks every second whether its lease has run out, and then makes it read-only. The lease is a row in memory, gone after a restart, as the right to write is.
 * Nothing of it is replicated, so that it is no transaction of anybody's.
 */
export async function renewLease(session: Session, schema: string, forMs: number): Promise<void> {
  // super_read_only refuses even this row, and stops the scheduler until it is off again: a server that is closed has to hold its lease before it is opened.
  await withAdminOpen(session, async () => {
    await session.ask('SET SESSION sql_log_bin = 0');
    const renew = () => session.ask(`REPLACE INTO ${schema}.lease (id, until) VALUES (1, UNIX_TIMESTAMP(NOW(6)) + ?)`, [forMs / 1_000]);
    const [scheduler] = await session.ask("SELECT @@GLOBAL.event_scheduler AS `runs`, (SELECT COUNT(*) FROM information_schema.events WHERE event_schema = ? AND event_name = 'lease') AS `events`", [schema]);
    if (scheduler?.['runs'] === 'ON' && scheduler['events'] === '1') { await renew(); return; }
    await session.ask(`CREATE TABLE IF NOT EXISTS ${schema}.lease (id INT PRIMARY KEY, until DOUBLE) ENGINE=MEMORY`);
    await renew(); // before anything can find it missing
    // Not super_read_only, which would stop the scheduler in the middle of it: no client may write either way.
    await session.ask(`CREATE EVENT IF NOT EXISTS ${schema}.lease ON SCHEDULE EVERY 1 SECOND DO
      IF @@GLOBAL.read_only = 0 AND NOT EXISTS (SELECT 1 FROM ${schema}.lease WHERE until > UNIX_TIMESTAMP(NOW(6))) THEN SET GLOBAL read_only = 1; END IF`);
    await session.ask('SET GLOBAL event_scheduler = ON');
  });
}
