import { describe, expect, jest, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { regionfall } from './command.ts';

const valid = `title: x
predicts: y
system: active-passive
client: { at: outside, resolver: strict, connections: new }
stable: 5s
baseline: 5s
watch:
  front door: { probe: http, from: outside, every: 250ms, timeout: 250ms, with: { path: /orders } }
  writer:     { probe: ledger, from: outside, every: 20ms, timeout: 5s }
break:
  lose it: { fault: region-outage, at: 0s, until: 20s, with: { region: ap-northeast-2, how: black-hole } }
then: [heal]
expect: { impact: lose it, rto: { check: failover-time } }
`;
const twice = `  lose more: { fault: region-outage, at: 1s, until: 10s, with: { region: ap-northeast-2, how: black-hole } }\n`;

// Each case is a process of its own, and the machine may be busy.
jest.setTimeout(60_000);

describe('bad input is refused before anything is started, with its line and a hint', () => {
  test.each([
    ['an unknown fault', valid.replace('fault: region-outage', 'fault: region-outrage'), 11, /region-outage/],
    ['a negative time', valid.replace('at: 0s', 'at: -3s'), 11, /-3s/],
    ['a region that is not there', valid.replace('region: ap-northeast-2', 'region: eu-north-1'), 11, /ap-northeast-2/],
    ['two steps that fight over one link', valid.replace('then:', `${twice}then:`), 12, /lose it/],
    ['an empty file', '', undefined, /empty/],
    ['100 kB of noise', Array.from({ length: 100_000 }, (_, index) => String.fromCharCode(33 + ((index * 7919) % 90))).join(''), undefined, /./],
  ])('%s', async (_what, text, line, words) => {
    const folder = await mkdtemp(join(tmpdir(), 'regionfall-'));
    try {
      const file = join(folder, 'bad.yaml');
      await writeFile(file, text);
      const { code, said } = await regionfall(['run', file, '--on', 'sim', '--out', join(folder, 'reports')]).ended;
      expect({ code, said }).toMatchObject({ code: 3 });
      expect(said).toMatch(line === undefined ? /bad\.yaml/ : new RegExp(`bad\\.yaml:${line}: `));
      expect(said).toMatch(/hint: /);
      expect(said).toMatch(words);
      expect(said).not.toMatch(/\n\s+at /);
      expect(await readdir(folder)).toEqual(['bad.yaml']);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each([[['run', 'smok']], [['run', 'smoke', '--on', 'moon']], [['frob']], [['run']], [['run', 'smoke', '--frob']], [['calibrate', '--only', 'silnt']], [['calibrate', 'silent']], [['calibrate', '--only', ',']], [['calibrate', '--noops', '50']], [['calibrate', '--noops', 'sim=3']], [['calibrate', '--table', 'x.md']], [['judge', '/nowhere']], [['report', '/nowhere']], [[]]])('regionfall %j exits 3', async (args) => {
    const { code, said } = await regionfall(args).ended;
    expect({ code, said }).toMatchObject({ code: 3 });
    expect(said).not.toMatch(/\n\s+at /);
  });
});

describe('a setting chosen on the command line', () => {
  test('is in the plan, the run and the report, with how to do it again', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'regionfall-'));
    try {
      const { code, said } = await regionfall(['run', 'smoke', '--on', 'sim', '--set', 'database.engine=mysql', '--set', 'dns.ttl=3s', '--out', folder]).ended;
      expect({ code, said }).toMatchObject({ code: 0, said: expect.stringContaining('with database.engine=mysql, dns.ttl=3s') });
      const [run = ''] = (await readdir(folder, { withFileTypes: true })).filter((one) => one.isDirectory()).map(({ name }) => name);
      const told = JSON.parse(await readFile(join(folder, run, 'run.json'), 'utf8')) as { set: string[]; topology: { settings: { database: { engine: string }; dns: { ttl: number } } } };
      expect(told).toMatchObject({ set: ['database.engine=mysql', 'dns.ttl=3s'], topology: { settings: { database: { engine: 'mysql' }, dns: { ttl: 3_000 } } } });
      expect(await readFile(join(folder, run, 'report.md'), 'utf8')).toContain('npm run scenario smoke -- --on sim --set database.engine=mysql --set dns.ttl=3s');
      expect(await readFile(join(folder, run, 'report.html'), 'utf8')).toContain('chosen on the command line: <code>database.engine=mysql, dns.ttl=3s</code>');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test.each([['database.engine=oracle', /"oracle" should be mariadb or mysql/], ['database.engin=mysql', /did you mean "database\.engine"/], ['fast', /no setting and its value/]])('--set %s is refused', async (word, words) => {
    for (const command of ['run', 'plan']) {
      const { code, said } = await regionfall([command, 'smoke', '--on', 'sim', '--set', word]).ended;
      expect({ code, said }).toEqual({ code: 3, said: expect.stringMatching(words) });
      expect(said).toMatch(/^--set .*\n {4}hint: /);
      expect(said).not.toMatch(/\n\s+at /);
    }
  });
});
