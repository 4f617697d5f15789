import type { ServerSeen } from '../seen.ts';

// Each engine has its own words for the same, and is silent about those of the other. Anybody may ask: no privilege is needed.
const counters = ['Uptime', 'Connections', 'Connection_errors_max_connections', 'Threads_connected', ...['master', 'source'].flatMap((role) => ['status', 'yes_tx', 'no_tx'].map((what) => `Rpl_semi_sync_${role}_${what}`))];
const settings = ['max_connections', 'rpl_semi_sync_master_enabled', 'rpl_semi_sync_source_enabled'];
const named = (names: readonly string[]) => `WHERE Variable_name IN (${names.map((name) => `'${name}'`).join(', ')})`;

/** What a server is asked about itself, in this order. */
export const stateQuestions: readonly string[] = [`SHOW GLOBAL STATUS ${named(counters)}`, `SHOW GLOBAL VARIABLES ${named(settings)}`];

/** What a server's answers mean, by the names in lower case; throws where it did not tell what every server has. */
export function sayState(server: string, said: Readonly<Record<string, string>>): ServerSeen {
  const either = (what: string) => said[`rpl_semi_sync_master_${what}`] ?? said[`rpl_semi_sync_source_${what}`];
  const counted = (name: string, text = said[name]): number => {
    if (text === undefined || !/^\d+$/.test(text)) throw new Error(`the server did not say its ${name}`);
    return Number(text);
  };
  const asked = either('enabled') === 'ON';
  return {
    server, upS: counted('uptime'), acks: !asked ? 'off' : either('status') === 'ON' ? 'in force' : 'degraded',
    // MySQL's leader of a group waits for all of it, and counts once; MariaDB counts each.
    ...(said['rpl_semi_sync_source_enabled'] === undefined ? {} : { grouped: true as const }),
    waited: counted('yes_tx', either('yes_tx') ?? '0'), alone: counted('no_tx', either('no_tx') ?? '0'), // a server without the plugin says neither, and counts none
    connections: counted('connections'), refused: counted('connection_errors_max_connections'), open: counted('threads_connected'), most: counted('max_connections'),
  };
}
