import type { Ask, Census, Comparison, Dialect } from '../census.ts';
import type { Place } from '../topology.ts';
import { readCensus } from './rows.ts';
import { checksum, checksumOfRegisters, everything, heldInRegisters, runsOfRows } from './statements.ts';

// The position of the snapshot itself: gtid_binlog_pos may already be past what the snapshot shows.
const snapshotPosition = `SELECT 'at', COALESCE(BINLOG_GTID_POS(
  (SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'BINLOG_SNAPSHOT_FILE'),
  (SELECT VARIABLE_VALUE FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'BINLOG_SNAPSHOT_POSITION')), @@GLOBAL.gtid_current_pos);`;

const everyRow = `START TRANSACTION WITH CONSISTENT SNAPSHOT;
SELECT 'server', @@server_id;
${snapshotPosition}
SELECT 'state', @@GLOBAL.gtid_binlog_state;
${runsOfRows}
${heldInRegisters}
${checksum(everything)}
COMMIT;`;

/** Every row of one server as runs of numbers, with the position and checksum of the same snapshot. */
async function takeCensus(ask: Ask, region: Place, signal?: AbortSignal): Promise<Census> {
  return readCensus(await ask(region, everyRow, signal));
}

/** Whether the replica follows and, at the primary's position, holds the same rows; retried by the caller while writes go on. */
async function compareCopies(ask: Ask, primary: Place, replica: Place, signal?: AbortSignal): Promise<Comparison> {
  const status = await slaveStatus(ask, replica, signal);
  if (status['Slave_IO_Running'] !== 'Yes' || status['Slave_SQL_Running'] !== 'Yes') return { inStep: false, evidence: { replica, attached: false, lastError: status['Last_Error'] || status['Last_IO_Error'] || '' } };
  const there = await ask(primary, `START TRANSACTION WITH CONSISTENT SNAPSHOT; ${snapshotPosition} ${checksum(everything)} COMMIT;`, signal);
  const position = there.find((line) => line[0] === 'at')?.[1] ?? '';
  const [, sumThere = '', lastId = '0'] = there.find((line) => line[0] === 'sum') ?? [];
  const here = await ask(replica, `SELECT 'waited', MASTER_GTID_WAIT('${position}', 5); START TRANSACTION WITH CONSISTENT SNAPSHOT; ${checksum(lastId)} COMMIT;`, signal);
  const caughtUp = here.find((line) => line[0] === 'waited')?.[1] === '0';
  const sumHere = here.find((line) => line[0] === 'sum')?.[1] ?? '';
  return { inStep: caughtUp && sumHere === sumThere, evidence: { replica, attached: true, position, caughtUp, [primary]: sumThere, [replica]: sumHere } };
}

async function slaveStatus(ask: Ask, region: Place, signal?: AbortSignal): Promise<Record<string, string>> {
  const [names = [], values = []] = await ask(region, 'SHOW ALL SLAVES STATUS', signal, true);
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
}

const howItStands = `START TRANSACTION WITH CONSISTENT SNAPSHOT; SELECT 'wrote', @@GLOBAL.gtid_binlog_pos; SELECT 'took', @@GLOBAL.gtid_slave_pos; ${checksum(everything)} ${checksumOfRegisters} COMMIT;`;

/** Whether two servers that take writes follow each other, each has taken all that the other wrote, and both hold the same. */
async function compareWriters(ask: Ask, one: Place, other: Place, signal?: AbortSignal): Promise<Comparison> {
  const stand = async (region: Place) => {
    const [status, lines] = await Promise.all([slaveStatus(ask, region, signal), ask(region, howItStands, signal)]);
    const told = (word: string) => lines.find((line) => line[0] === word)?.[1] ?? '';
    const attached = status['Slave_IO_Running'] === 'Yes' && status['Slave_SQL_Running'] === 'Yes';
    return { attached, wrote: told('wrote'), took: told('took'), orders: told('sum'), registers: told('set'), lastError: status['Last_SQL_Error'] || status['Last_IO_Error'] || '' };
  };
  const [here, there] = await Promise.all([stand(one), stand(other)]);
  const caughtUp = here.wrote === there.took && there.wrote === here.took;
  const same = here.orders === there.orders && here.registers === there.registers;
  return { inStep: here.attached && there.attached && caughtUp && same, settled: caughtUp && !same, evidence: { caughtUp, same, [one]: here, [other]: there } };
}

/** MariaDB 10.11. */
export const mariadb: Dialect = { client: ['mariadb', '--no-defaults'], takeCensus, compareCopies, compareWriters };
