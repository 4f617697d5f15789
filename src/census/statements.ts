/** Greater than any id there can be. */
export const everything = '18446744073709551615';

/** Selects count and checksum of the rows up to an id, and the last id there is; the same text on every engine, so that copies can be held against each other. */
export function checksum(upTo: string): string {
  return `SELECT 'sum', CONCAT(COUNT(*), ':', COALESCE(BIT_XOR(CRC32(CONCAT_WS('#', id, writer, number, attempt, served_by))), 0)), COALESCE(MAX(id), 0) FROM orders WHERE id <= ${upTo};`;
}

// An unsigned row number would make number 0 less 1 an error on MySQL.
/** Selects every writer's numbers as runs, and those that have more than one row. */
export const runsOfRows = `SELECT 'run', writer, MIN(number), MAX(number) FROM (SELECT writer, number, number - CAST(ROW_NUMBER() OVER (PARTITION BY writer ORDER BY number) AS SIGNED) AS island FROM (SELECT DISTINCT writer, number FROM orders) AS once) AS islands GROUP BY writer, island ORDER BY writer, MIN(number);
SELECT 'many', writer, number, COUNT(*) FROM orders GROUP BY writer, number HAVING COUNT(*) > 1;`;

/** Selects what stands in every slot of every group of registers, and what that took the place of, empty where it was nothing. */
export const heldInRegisters = "SELECT 'held', name, slot, value, COALESCE(over_value, ''), COALESCE(before_value, '') FROM registers ORDER BY name, slot;";
