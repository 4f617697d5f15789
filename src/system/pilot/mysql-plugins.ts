import type { Session } from './connect.ts';

/** What this needs of MySQL that comes as plugins, and the library each is in. */
const libraries = { rpl_semi_sync_source: 'semisync_source.so', rpl_semi_sync_replica: 'semisync_replica.so', clone: 'mysql_clone.so' } as const;
type Plugin = keyof typeof libraries;

/** Whether a plugin is there and active: before that, even its variables are unknown words. */
export async function hasPlugin(session: Session, name: Plugin): Promise<boolean> {
  const [row] = await session.ask('SELECT plugin_status AS status FROM information_schema.plugins WHERE plugin_name = ?', [name]);
  return row?.['status'] === 'ACTIVE';
}

/** Makes sure that a plugin is there; rejects with the server's reason. Nothing of it goes to the binary log. */
export async function needPlugin(session: Session, name: Plugin): Promise<void> {
  if (await hasPlugin(session, name)) return;
  await withAdminOpen(session, async () => {
    await session.ask('SET SESSION sql_log_bin = 0');
    await session.ask(`INSTALL PLUGIN ${name} SONAME '${libraries[name]}'`);
    await session.ask('SET SESSION sql_log_bin = 1');
  });
}

/** Does some administrator's work that super_read_only would refuse; clients are kept out by read_only all the while, where it was on. */
export async function withAdminOpen(session: Session, work: () => Promise<void>): Promise<void> {
  const [row] = await session.ask('SELECT @@GLOBAL.super_read_only AS closed');
  const closed = row?.['closed'] === '1';
  if (closed) await session.ask('SET GLOBAL super_read_only = 0');
  await work().finally(async () => {
    if (!closed) return;
    const [now] = await session.ask('SELECT @@GLOBAL.read_only AS closed');
    if (now?.['closed'] === '1') await session.ask('SET GLOBAL super_read_only = 1'); // whoever opened it meanwhile meant it
  });
}
