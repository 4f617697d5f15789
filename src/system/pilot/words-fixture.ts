import type { Engine } from '../../../test/engines.ts';
import type { Row } from './connect.ts';

type Sql = (text: string) => Promise<readonly Row[]>;

/** What tests of the pilot say to a server behind its back, and read there, in its engine's words. */
export interface Words {
  readonly stopApplying: string;
  readonly startApplying: string;
  /** Makes a replica receive without acknowledging. */
  readonly stopAcking: readonly string[];
  /** Lets an administrator write to a replica, behind everybody's back. */
  readonly letAdminWrite: string;
  /** Makes a replica forget everything that it ever had, and leaves its receiver stopped. */
  readonly empty: readonly string[];
  /** Makes a replica a primary by hand: what a team would write into a runbook. */
  readonly promote: string;
  /** Condition on a row of the process list: its commit waits for an acknowledgement, its own or its group's. */
  readonly waits: string;
  /** A transaction of server b's own, as a refusal names it; the file that errant ones of server a are saved to; what a replica held when its primary was last seen. */
  readonly stray: RegExp;
  readonly savedTo: RegExp;
  readonly held: RegExp;
  /** Whether a replica that restarts still has what it received and had not applied. */
  readonly keepsWhatItReceived: boolean;
  asksForAcks(sql: Sql): Promise<boolean>;
  givesAcks(sql: Sql): Promise<boolean>;
  /** How many replicas that acknowledge are attached, and how many commits were acknowledged so. */
  ackers(sql: Sql): Promise<number>;
  acked(sql: Sql): Promise<number>;
  /** Whether the receiver and the applier run. */
  follows(sql: Sql): Promise<readonly [boolean, boolean]>;
}

const valueOf = async (sql: Sql, text: string) => (await sql(text))[0]?.['Value'] ?? null;

const mariadb: Words = {
  stopApplying: 'STOP SLAVE SQL_THREAD',
  startApplying: 'START SLAVE SQL_THREAD',
  stopAcking: ['SET GLOBAL rpl_semi_sync_slave_enabled = 0', 'STOP SLAVE IO_THREAD', 'START SLAVE IO_THREAD'],
  letAdminWrite: 'DO 0',
  empty: ['STOP SLAVE', 'RESET MASTER', "SET GLOBAL gtid_slave_pos = ''"],
  promote: 'STOP SLAVE; RESET SLAVE ALL; SET GLOBAL rpl_semi_sync_slave_enabled = 0; SET GLOBAL rpl_semi_sync_master_enabled = 0; SET GLOBAL read_only = 0',
  waits: "(state LIKE '%semi-sync%' OR state = 'Commit')",
  stray: /never came from the primary \(up to 0-2-\d+\)/,
  savedTo: /errant-a-0-1-\d+\.\.\d+\.sql$/,
  held: /held 0-1-23 when the primary was last seen, but holds only/,
  keepsWhatItReceived: false,
  asksForAcks: async (sql) => (await valueOf(sql, "SHOW GLOBAL VARIABLES LIKE 'rpl_semi_sync_master_enabled'")) === 'ON',
  givesAcks: async (sql) => (await valueOf(sql, "SHOW GLOBAL VARIABLES LIKE 'rpl_semi_sync_slave_enabled'")) === 'ON',
  ackers: async (sql) => Number(await valueOf(sql, "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_clients'")),
  acked: async (sql) => Number(await valueOf(sql, "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_master_yes_tx'")),
  follows: async (sql) => {
    const [row] = await sql('SHOW ALL SLAVES STATUS');
    return [row?.['Slave_IO_Running'] === 'Yes', row?.['Slave_SQL_Running'] === 'Yes'];
  },
};

const uuid = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

const mysql: Words = {
  stopApplying: 'STOP REPLICA SQL_THREAD',
  startApplying: 'START REPLICA SQL_THREAD',
  stopAcking: ['SET GLOBAL rpl_semi_sync_replica_enabled = 0', 'STOP REPLICA IO_THREAD', 'START REPLICA IO_THREAD'],
  letAdminWrite: 'SET GLOBAL super_read_only = 0',
  empty: ['STOP REPLICA', 'RESET BINARY LOGS AND GTIDS'],
  promote: 'STOP REPLICA; RESET REPLICA ALL; SET GLOBAL rpl_semi_sync_replica_enabled = 0; SET GLOBAL rpl_semi_sync_source_enabled = 0; SET GLOBAL super_read_only = 0; SET GLOBAL read_only = 0',
  waits: "state IN ('Waiting for semi-sync ACK from replica', 'waiting for handler commit')",
  stray: new RegExp(`never came from the primary \\(up to ${uuid}:1\\)`),
  savedTo: new RegExp(`errant-a-${uuid}-\\d+\\.\\.\\d+\\.sql$`),
  held: /held .* when the primary was last seen, but holds only/,
  keepsWhatItReceived: true,
  asksForAcks: async (sql) => (await valueOf(sql, "SHOW GLOBAL VARIABLES LIKE 'rpl_semi_sync_source_enabled'")) === 'ON',
  givesAcks: async (sql) => (await valueOf(sql, "SHOW GLOBAL VARIABLES LIKE 'rpl_semi_sync_replica_enabled'")) === 'ON',
  ackers: async (sql) => Number(await valueOf(sql, "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_source_clients'")),
  acked: async (sql) => Number(await valueOf(sql, "SHOW GLOBAL STATUS LIKE 'Rpl_semi_sync_source_yes_tx'")),
  follows: async (sql) => {
    const [row] = await sql('SHOW REPLICA STATUS');
    return [row?.['Replica_IO_Running'] === 'Yes', row?.['Replica_SQL_Running'] === 'Yes'];
  },
};

/** An engine's words, by its name. */
export const words: Readonly<Record<Engine['name'], Words>> = { mariadb, mysql };
