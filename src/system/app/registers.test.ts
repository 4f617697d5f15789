import { describe, expect, test } from '@jest/globals';
import type { Answer, Connection } from './connection.ts';
import { setRegister } from './registers.ts';

const setting = { group: 'stock', slot: 3, writer: 'w', number: 7 };
const patience = { waitMs: 10, queryMs: 1_000 };
const fine = (result: unknown = {}): Answer => ({ ok: true, result });
const failed = (sent: boolean, errno: number | null): Answer => ({ ok: false, sent, errno, error: 'it failed' });
const steps = ['START', 'INSERT', 'SELECT', 'COMMIT'] as const;
const row = { over_value: 'w:6', before_value: null };

/** Sets a register over a connection that answers as told at one step. */
async function setWith(at: (typeof steps)[number] | null, answer: Answer = fine(), found: unknown = row) {
  const asked: string[] = [];
  let given = 0;
  const query = async (sql: string): Promise<Answer> => {
    const step = sql.split(' ')[0] ?? '';
    asked.push(step);
    if (step === at) return answer;
    return fine(step === 'SELECT' ? [found] : step === 'COMMIT' ? { stateChanges: { gtids: ['uuid:9'] } } : {});
  };
  const connection: Connection = { address: '', server: '1', alive: () => true, destroy: () => {}, query };
  const said = await setRegister({ take: async () => connection, give: () => { given += 1; }, close: () => {} }, setting, 'east', patience);
  return { said, asked, given };
}

test('acked: the commit\'s own GTID, and what stood there, newest first', async () => {
  expect(await setWith(null)).toEqual({ said: { outcome: 'acked', server: '1', gtid: 'uuid:9', found: ['w:6', null] }, asked: ['START', 'INSERT', 'SELECT', 'COMMIT'], given: 1 });
  expect((await setWith(null, fine(), { over_value: null, before_value: null })).said).toMatchObject({ found: [null] });
  expect((await setWith(null, fine(), { over_value: 'w:6', before_value: 'v:5' })).said).toMatchObject({ found: ['w:6', 'v:5'] });
});

describe('what a failure proves', () => {
  test.each(['START', 'INSERT', 'SELECT'] as const)('before COMMIT, at %s: refused, though it was sent and nobody answered; nothing more is asked', async (step) => {
    const { said, asked, given } = await setWith(step, failed(true, null));
    expect([said.outcome, asked.at(-1), given]).toEqual(['refused', step, 1]);
  });

  test.each([[true, null, 'indeterminate'], [true, 1180, 'indeterminate'], [true, 1213, 'refused'], [false, null, 'refused']] as const)('at COMMIT, sent %s, error %s: %s', async (sent, errno, outcome) => {
    expect((await setWith('COMMIT', failed(sent, errno))).said.outcome).toBe(outcome);
  });

  test('without a connection: refused', async () => {
    expect(await setRegister({ take: () => Promise.reject(new Error('none')), give: () => {}, close: () => {} }, setting, 'east', patience)).toEqual({ outcome: 'refused', error: 'none' });
  });
});
