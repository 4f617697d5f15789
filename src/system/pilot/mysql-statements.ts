import type { Row, Session } from './connect.ts';
import { isSubset, parseSet, subtract, type GtidSet } from './mysql-gtid.ts';

/** One transaction of the binary log in its clients' words; none where the server does not log them. `schema`: of the last table it touched. */
export interface Spoken { readonly gtid: string; schema: string; readonly statements: string[] }

const pageEvents = 2_000;

/** The transactions of a server's binary log that are not in `known`, in their order, as far as `binlog_rows_query_log_events` lets SHOW BINLOG EVENTS tell them. */
export async function readStatements(session: Session, known: string): Promise<Spoken[]> {
  const logs = (await session.ask('SHOW BINARY LOGS')).map((row) => row['Log_name'] ?? '');
  const hear = listen(parseSet(known));
  for (const [index, log] of logs.entries()) {
    const next = logs[index + 1];
    if (next !== undefined && isSubset(subtract(await heldBefore(session, next), await heldBefore(session, log)), parseSet(known))) continue;
    for await (const row of eventsOf(session, log)) hear.event(row);
  }
  return hear.found;
}

/** Gathers transactions from the rows of SHOW BINLOG EVENTS, but for those in `known`. */
export function listen(known: GtidSet): { readonly found: Spoken[]; event(row: Row): void } {
  const found: Spoken[] = [];
  let now: Spoken | null = null;
  const event = (row: Row) => {
    const [type = '', info = ''] = [row['Event_type'] ?? '', row['Info'] ?? ''];
    const gtid = /^SET @@SESSION\.GTID_NEXT= '([^']+)'/.exec(info)?.[1];
    if (gtid !== undefined) {
      now = gtid === 'ANONYMOUS' || isSubset(parseSet(gtid), known) ? null : { gtid, schema: '', statements: [] };
      if (now) found.push(now);
    } else if (now && type === 'Rows_query') now.statements.push(info.replace(/^# /, ''));
    else if (now && type === 'Table_map') now.schema = /\((.+)\.[^.]+\)$/.exec(info)?.[1] ?? now.schema;
    // A statement that changes tables, not rows, is logged as it was said.
    else if (now && type === 'Query' && !/^(BEGIN|COMMIT)\b/.test(info)) now.statements.push(info.replace(/\s*\/\* xid=\d+ \*\/$/, ''));
  };
  return { found, event };
}

async function heldBefore(session: Session, log: string): Promise<GtidSet> {
  const events = await session.ask('SHOW BINLOG EVENTS IN ? LIMIT 2', [log]);
  return parseSet(events.find((row) => row['Event_type'] === 'Previous_gtids')?.['Info'] ?? '');
}

async function* eventsOf(session: Session, log: string): AsyncGenerator<Row> {
  for (let from = 4; ;) {
    const page = await session.ask(`SHOW BINLOG EVENTS IN ? FROM ${from} LIMIT ${pageEvents}`, [log]);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageEvents) return;
    from = Number(last['End_log_pos']);
  }
}
