import { expect, test } from '@jest/globals';
import { parseSet } from './mysql-gtid.ts';
import { listen } from './mysql-statements.ts';

const uuid = 'c6b1bd01-e63b-11f1-be2b-02fc00000001';
const gtid = (number: string) => ({ Event_type: 'Gtid', Info: `SET @@SESSION.GTID_NEXT= '${uuid}:${number}'` });
const row = (type: string, info: string) => ({ Event_type: type, Info: info });

test('what each unknown transaction said, as SHOW BINLOG EVENTS of 9.7 tells it', () => {
  const hear = listen(parseSet(`${uuid}:1`));
  for (const each of [
    row('Format_desc', 'Server ver: 9.7.4-2, Binlog ver: 4'), row('Previous_gtids', `${uuid}:1`),
    gtid('1'), row('Query', 'BEGIN'), row('Rows_query', '# INSERT INTO orders VALUES (1)'), row('Table_map', 'table_id: 110 (shop.orders)'), row('Xid', 'COMMIT /* xid=33 */'),
    gtid('2'), row('Query', 'BEGIN'), row('Rows_query', "# INSERT INTO orders VALUES ('# 2')"), row('Table_map', 'table_id: 110 (shop.orders)'), row('Write_rows', 'table_id: 110 flags: STMT_END_F'), row('Rows_query', '# UPDATE orders SET a = 1'), row('Xid', 'COMMIT /* xid=51 */'),
    { Event_type: 'Gtid_tagged_log_event', Info: `SET @@SESSION.GTID_NEXT= '${uuid}:fix:1'` }, row('Query', 'use `shop`; create table only_here(a int) /* xid=56 */'),
    gtid('3'), row('Query', 'BEGIN'), row('Table_map', 'table_id: 110 (shop.orders)'), row('Write_rows', 'table_id: 110 flags: STMT_END_F'), row('Xid', 'COMMIT /* xid=58 */'),
  ]) hear.event(each);
  expect(hear.found).toEqual([
    { gtid: `${uuid}:2`, schema: 'shop', statements: ["INSERT INTO orders VALUES ('# 2')", 'UPDATE orders SET a = 1'] },
    { gtid: `${uuid}:fix:1`, schema: '', statements: ['use `shop`; create table only_here(a int)'] },
    { gtid: `${uuid}:3`, schema: 'shop', statements: [] },
  ]);
});
