import type { Ask, Census, Comparison, Dialect } from '../census.ts';
import type { Place } from '../topology.ts';
import { readCensus } from './rows.ts';
import { checksum, everything, heldInRegisters, runsOfRows } from './statements.ts';

// A set of several servers is told over several lines.
const executed = (word: string) => `SELECT '${word}', REPLACE(@@GLOBAL.gtid_executed, '\\n', '');`;

// MySQL tells no position of a snapshot. What is executed before it begins is surely in it, and what is in it is executed once it has been read: the two are
// one and the same unless a write came in between.
const inSnapshot = (statements: string) => `SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ;
${executed('at')}
START TRANSACTION WITH CONSISTENT SNAPSHOT;
${statements}
COMMIT;
${executed('state')}`;

/** Every row of one server as runs of numbers. `position`: all of it is in the rows; `state`: all the rows are in it. */
async function takeCensus(ask: Ask, region: Place, signal?: AbortSignal): Promise<Census> {
  return readCensus(await ask(region, inSnapshot(`SELECT 'server', @@server_id;\n${runsOfRows}\n${heldInRegisters}\n${checksum(everything)}`), signal));
}

/** Whether the replica follows and, once it has all that the primary showed, holds the same rows; retried by the caller while writes go on. */
async function compareCopies(ask: Ask, primary: Place, replica: Place, signal?: AbortSignal): Promise<Comparison> {
  const status = await replicaStatus(ask, replica, signal);
  if (status['Replica_IO_Running'] !== 'Yes' || status['Replica_SQL_Running'] !== 'Yes') return { inStep: false, evidence: { replica, attached: false, lastError: status['Last_Error'] || status['Last_IO_Error'] || '' } };
  const there = await ask(primary, inSnapshot(checksum(everything)), signal);
  const position = there.find((line) => line[0] === 'state')?.[1] ?? '';
  const [, sumThere = '', lastId = '0'] = there.find((line) => line[0] === 'sum') ?? [];
  const here = await ask(replica, `SELECT 'waited', WAIT_FOR_EXECUTED_GTID_SET('${position}', 5); ${inSnapshot(checksum(lastId))}`, signal);
  const caughtUp = here.find((line) => line[0] === 'waited')?.[1] === '0';
  const sumHere = here.find((line) => line[0] === 'sum')?.[1] ?? '';
  return { inStep: caughtUp && sumHere === sumThere, evidence: { replica, attached: true, position, caughtUp, [primary]: sumThere, [replica]: sumHere } };
}

async function replicaStatus(ask: Ask, region: Place, signal?: AbortSignal): Promise<Record<string, string>> {
  const [names = [], values = []] = await ask(region, 'SHOW REPLICA STATUS', signal, true);
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

/** MySQL 8.4 and 9. */
export const mysql: Dialect = { client: ['mysql', '--no-defaults'], takeCensus, compareCopies };
