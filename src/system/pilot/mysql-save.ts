import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { doorOf, run, watching } from './client-programs.ts';
import { openSession, type Login } from './connect.ts';
import type { Errant } from './dialect.ts';
import { readStatements } from './mysql-statements.ts';

const statementLimitMs = 30_000;

/** Saves errant transactions as `Dialect.saveErrant` promises: with mysqlbinlog where MySQL's own is there, else the clients' statements where the server logs them; rejects where neither is. */
export async function saveErrant(login: Login, errant: Errant, path: string): Promise<number> {
  await mkdir(dirname(path), { recursive: true });
  return hasMysqlbinlog() ? saveRows(login, errant, path) : saveStatements(login, errant, path);
}

// On Debian with MariaDB's clients there is a program of that name that cannot read MySQL's GTIDs.
function hasMysqlbinlog(): boolean {
  const { status, stdout } = spawnSync('mysqlbinlog', ['--no-defaults', '--version'], { encoding: 'utf8', timeout: 10_000 });
  return status === 0 && !/MariaDB/.test(stdout);
}

async function saveRows(login: Login, errant: Errant, path: string): Promise<number> {
  const session = await openSession(login, statementLimitMs);
  const first = await session.ask('SHOW BINARY LOGS').then((rows) => rows[0]?.['Log_name'] ?? '').finally(() => session.end());
  // The server itself sends only what is not excluded, and refuses if it has thrown any of it away.
  const argv = ['--no-defaults', '--read-from-remote-source=BINLOG-DUMP-GTIDS', ...doorOf(login), '--get-server-public-key', '--to-last-log', '-vv', `--exclude-gtids=${errant.after}`];
  await run('mysqlbinlog', [...argv, first], login, createWriteStream(path));
  let count = 0;
  const counting = watching((line) => { if (/^SET @@SESSION\.GTID_NEXT= '[0-9a-f-]{36}:/.test(line)) count += 1; });
  await Promise.all([run('mysqlbinlog', [...argv, '--base64-output=decode-rows', first], login, counting), pipeline(counting, createWriteStream(`${path}.txt`))]);
  return count;
}

// A row of which no statement tells is lost when the server is rebuilt: then nothing must be rebuilt.
async function saveStatements(login: Login, errant: Errant, path: string): Promise<number> {
  const session = await openSession(login, statementLimitMs);
  try {
    const found = await readStatements(session, errant.after);
    const mute = found.find((one) => one.statements.length === 0);
    if (mute) throw new Error(`mysqlbinlog of MySQL is not there, and the log of ${login.host}:${login.port} has no statement for ${mute.gtid}: its rows cannot be saved. Put mysqlbinlog on the pilot's PATH, or run the servers with binlog_rows_query_log_events=ON`);
    const text = found.map(({ gtid, schema, statements }) => `-- ${gtid}\n${schema === '' ? '' : `USE \`${schema}\`;\n`}${statements.map((one) => `${one};\n`).join('')}`).join('');
    const head = '-- Statements as clients sent them: replayed, they may get other automatic ids and times than the rows had.\n';
    await Promise.all([writeFile(path, head + text), writeFile(`${path}.txt`, head + text)]);
    return found.length;
  } finally {
    session.end();
  }
}
