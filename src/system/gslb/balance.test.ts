import { expect, test } from '@jest/globals';
import { makeBalance } from './balance.ts';
import type { GslbConfig } from './config.ts';

const checkers = Array.from({ length: 4 }, (_, index) => ({ name: `c${index}`, address: '127.0.0.1' }));
const endpoint = { host: '127.0.0.1', port: 1 };

function balance(failback: GslbConfig['failback']) {
  const said: string[] = [];
  const moved: string[] = [];
  const made = makeBalance({
    checkers, quorumPct: 18, failback, service: { name: 'app.test', ttlMs: 1 },
    regions: [{ name: 'east', role: 'primary', endpoint, address: '127.0.0.1' }, { name: 'west', role: 'standby', endpoint, address: '127.0.0.2' }],
  }, (what, subject) => { if (!what.startsWith('checker')) said.push(`${what} ${subject}`); }, (regions) => moved.push(...regions));
  const all = (region: string, healthy: boolean, count = 4) => { for (const { name } of checkers.slice(0, count)) made.hear(region, name, healthy, 'test'); };
  return { made, said, moved, all };
}

test('one checker of four keeps the primary alive; when the last gives up, users are moved and the primary is held', () => {
  const { said, moved, all } = balance('latched');
  all('east', false, 3);
  expect(moved).toEqual(['east']);
  all('east', false);
  expect(moved).toEqual(['east', 'west']);
  expect(said).toEqual(['unhealthy east', 'held east', 'answer changed app.test']);
});

test('latched: a primary that is healthy again gets no users before someone lets go of it', () => {
  const { made, moved, all } = balance('latched');
  all('east', false);
  all('east', true);
  expect(moved).toEqual(['east', 'west']);
  made.hold('east', false);
  expect(moved).toEqual(['east', 'west', 'east']);
});

test('automatic: users go back as soon as the quorum says healthy', () => {
  const { moved, said, all } = balance('automatic');
  all('east', false);
  all('east', true, 1);
  expect(moved).toEqual(['east', 'west', 'east']);
  expect(said).not.toContain('held east');
});

test('both down: the primary is answered, whichever went first, and nobody is held who was not moved away from', () => {
  const { made, moved, all } = balance('latched');
  all('west', false);
  all('east', false);
  expect(moved).toEqual(['east']);
  expect(made.state().regions).toMatchObject([{ name: 'east', healthy: false, held: false }, { name: 'west', healthy: false }]);
  all('west', true);
  expect(moved).toEqual(['east', 'west']);
});

test('roles can change hands, and a region can be held by order', () => {
  const { made, moved } = balance('automatic');
  made.makePrimary('west');
  expect(made.state()).toMatchObject({ answering: 'west', primary: 'west' });
  made.hold('west', true);
  expect(moved).toEqual(['east', 'west', 'east']);
});

test('by weight: a region that is not healthy is left out, and with none healthy all are answered', () => {
  const moved: string[] = [];
  const said: string[] = [];
  const made = makeBalance({
    checkers, quorumPct: 18, failback: 'latched', service: { name: 'app.test', ttlMs: 1 },
    regions: [{ name: 'east', role: 'primary', endpoint, address: '127.0.0.1', weight: 70 }, { name: 'west', role: 'standby', endpoint, address: '127.0.0.2', weight: 30 }],
  }, (what, subject) => { if (!what.startsWith('checker')) said.push(`${what} ${subject}`); }, (regions) => moved.push(regions.join(' ')));
  const all = (region: string, healthy: boolean) => { for (const { name } of checkers) made.hear(region, name, healthy, 'test'); };
  all('east', false);
  all('west', false);
  all('east', true); // nobody has to let go of it: only a PRIMARY is held
  expect(moved).toEqual(['east west', 'west', 'east west', 'east']);
  expect(said).not.toContain('held east');
});
