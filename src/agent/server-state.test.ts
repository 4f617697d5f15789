import { expect, test } from '@jest/globals';
import { sayState } from './server-state.ts';

const counters = { uptime: '120', connections: '40', connection_errors_max_connections: '2', threads_connected: '21', max_connections: '300' };

test('both engines\' words, for each of the three states', () => {
  const mariadb = (enabled: string, status: string) => sayState('1', { ...counters, rpl_semi_sync_master_enabled: enabled, rpl_semi_sync_master_status: status, rpl_semi_sync_master_yes_tx: '7', rpl_semi_sync_master_no_tx: '3' });
  expect(mariadb('ON', 'ON')).toEqual({ server: '1', upS: 120, acks: 'in force', waited: 7, alone: 3, connections: 40, refused: 2, open: 21, most: 300 });
  expect(mariadb('ON', 'OFF').acks).toBe('degraded');
  expect(mariadb('OFF', 'OFF').acks).toBe('off');
  expect(sayState('2', { ...counters, rpl_semi_sync_source_enabled: 'ON', rpl_semi_sync_source_status: 'OFF', rpl_semi_sync_source_yes_tx: '1', rpl_semi_sync_source_no_tx: '9' })).toMatchObject({ acks: 'degraded', waited: 1, alone: 9, grouped: true });
});

test('a server without semi-sync counts none; one that leaves out what every server has said nothing', () => {
  expect(sayState('1', counters)).toMatchObject({ acks: 'off', waited: 0, alone: 0 });
  expect(() => sayState('1', { ...counters, connections: '' })).toThrow('the server did not say its connections');
});
