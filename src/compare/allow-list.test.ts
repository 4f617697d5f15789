import { describe, expect, test } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allowanceFor, readAllowList } from './allow-list.ts';

const measures = ['failover.rto', 'loss.lost'];
function read(text: string) {
  const dir = mkdtempSync(join(tmpdir(), 'regionfall-'));
  try {
    writeFileSync(join(dir, 'allow.yaml'), text);
    return readAllowList(join(dir, 'allow.yaml'), measures);
  } finally {
    rmSync(dir, { recursive: true });
  }
}
const good = `# what we know
allow:
  - { measure: failover.rto, reason: checks were slowed down, issue: '#41', until: 2026-11-30 }
  - measure: loss.lost
    scenario: smoke
    reason: trying async
    issue: https://tracker.test/7
    until: 2026-12-24
`;

describe('an allow-list', () => {
  test('is read with the line of each entry', () => {
    expect(read(good)).toMatchObject([{ measure: 'failover.rto', until: '2026-11-30', line: 3 }, { measure: 'loss.lost', scenario: 'smoke', line: 4 }]);
  });

  test.each([
    ['no reason', good.replace('    reason: trying async\n', ''), /allow\.yaml:4: "reason" is missing/],
    ['no end', good.replace('    until: 2026-12-24\n', ''), /allow\.yaml:4: "until" is missing/],
    ['a day that there is not', good.replace('2026-12-24', '2026-13-77'), /allow\.yaml:8: .*until/],
    ['a measure that there is not', good.replace('loss.lost', 'loss.lots'), /allow\.yaml:4: there is no measure "loss\.lots"\n\s+hint: did you mean "loss\.lost"/],
    ['a key that there is not', good.replace('scenario: smoke', 'scenery: smoke'), /allow\.yaml:5: unknown key "scenery"/],
    ['no list', 'allowed: []\n', /allow\.yaml:1: /],
    ['nothing', '', /allow\.yaml:1: the file is empty/],
  ])('with %s is refused, with its line', (_what, text, says) => {
    expect(() => read(text)).toThrow(says);
  });
});

test('an allowance is for its measure and scenario, to the end of its day', () => {
  const list = read(good);
  expect(allowanceFor(list, 'failover.rto', 'anything', '2026-11-30T23:59:59Z')).toMatchObject({ inForce: true });
  expect(allowanceFor(list, 'failover.rto', 'anything', '2026-12-01T00:00:00Z')).toMatchObject({ inForce: false });
  expect(allowanceFor(list, 'loss.lost', 'dr-drill', '2026-11-30')).toBeNull();
  expect(allowanceFor(list, 'loss.lost', 'smoke', '2026-11-30')).toMatchObject({ inForce: true });
});
