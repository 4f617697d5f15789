import { expect, test } from '@jest/globals';
import type { History, Mark } from '../history.ts';
import { drillHistory } from '../reporters/fixture.ts';
import type { Settings } from '../topology.ts';
import { ofEngine } from './engine.ts';

const plain = drillHistory();
const rebuilt: Mark = { kind: 'mark', at: 190_000, who: 'pilot', what: 'rebuilt', subject: 'ap-northeast-2', errorMs: 5, evidence: {} };

function on(database: Partial<Settings['database']>, changes: Partial<History['run']> = {}, more: readonly Mark[] = []): string[] {
  const { run } = plain;
  const settings = { ...run.topology.settings, database: { ...run.topology.settings.database, ...database } };
  return ofEngine({ ...plain, run: { ...run, ...changes, topology: { ...run.topology, settings } }, entries: [...plain.entries, ...more] });
}

test('it says which engine it was, and how to run the other', () => {
  expect(on({ engine: 'mariadb' })[0]).toBe('The other engine: this was MariaDB 10.11.11. The same drill on MySQL: --set database.engine=mysql.');
  expect(on({ engine: 'mysql' }, { fingerprint: { ...plain.run.fingerprint, versions: { mysql: '9.7.4' } } })[0]).toBe('The other engine: this was MySQL 9.7.4. The same drill on MariaDB: --set database.engine=mariadb.');
  expect(on({ engine: 'mysql' }, { world: 'kind' })[0]).toContain('--on embedded --set database.engine=mariadb'); // clusters have no MariaDB
});

test('what it took to stop the replica is told with what it takes on the other engine; not where somebody was waited for first', () => {
  expect(on({ engine: 'mysql' })[1]).toMatch(/on MariaDB: here it was stopped 0\.7 s after the verdict\. .*MySQL waits 2 s .* MariaDB would have waited 1 s/);
  expect(on({ engine: 'mysql', replication: 'async' })[1]).toMatch(/MariaDB would have waited for nothing/);
  expect(on({ engine: 'mariadb' })[1]).toMatch(/on MySQL: here it was stopped 0\.7 s after the verdict\. .*MySQL would have waited 2 s/);
  expect(on({ engine: 'mariadb', replication: 'async' })[1]).toMatch(/MariaDB stops at once/);
  const { topology } = plain.run;
  const asked = ofEngine({ ...plain, run: { ...plain.run, topology: { ...topology, settings: { ...topology.settings, failover: { ...topology.settings.failover, decide: 'manual' } } } } });
  expect(asked.join('\n')).not.toContain('stopped');
});

test('what MariaDB does not tell or keep is said where the run touched on it', () => {
  expect(on({ engine: 'mariadb' }).join('\n')).toMatch(/Holes in what a server has: .*\nA replica that restarts: MariaDB's throws away/);
  expect(on({ engine: 'mariadb', replication: 'async' }).join('\n')).not.toContain('A replica that restarts');
  const crashed = { ...plain.run, faults: [{ name: 'lose replica', kind: 'region-outage', place: 'us-west-2', part: null, atMostMs: 1_000, params: { region: 'us-west-2', how: 'crash' } }] };
  expect(on({ engine: 'mariadb' }, crashed).join('\n')).not.toContain('A replica that restarts');
});

test('how the old primary was rebuilt is told where it was', () => {
  expect(on({ engine: 'mysql' }).join('\n')).not.toContain('rebuild');
  expect(on({ engine: 'mysql' }, {}, [rebuilt]).join('\n')).toMatch(/rebuilt by MySQL's CLONE/);
  expect(on({ engine: 'mariadb' }, {}, [rebuilt]).join('\n')).toMatch(/rebuilt from a dump of the other server/);
  expect(on({ engine: 'mysql' }, {}, [{ ...rebuilt, at: 178_500, what: 'errant saved' }, rebuilt]).join('\n')).toMatch(/rebuilt in 11\.5 s by MySQL's CLONE/);
});

test('a model of MySQL is told to be none', () => {
  expect(on({ engine: 'mysql' }, { world: 'sim' })).toEqual([expect.stringContaining('knows no engines')]);
  expect(on({ engine: 'mariadb' }, { world: 'sim' })).toEqual([]);
});
