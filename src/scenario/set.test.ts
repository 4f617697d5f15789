import { describe, expect, test } from '@jest/globals';
import { catalogue } from '../catalogue.ts';
import { DrillError } from '../errors.ts';
import { explainPlan, planFile } from '../plan.ts';
import { brief, problemsOf } from '../plan/fixture.ts';
import type { Topology } from '../topology.ts';
import { simulation } from '../providers/sim/provider.ts';
import { readChosen, settingNames, settingsOf } from './set.ts';

const world = simulation('set');
const planWith = (...words: readonly string[]) => planFile('smoke', catalogue, world, readChosen(words));
const refused = async (...words: readonly string[]) => (await problemsOf(() => planWith(...words))).map(({ file, line, message, hint }) => ({ said: brief([{ ...(line === undefined ? {} : { line }), message }])[0], file, hint }));

describe('a setting chosen on the command line', () => {
  test('lies over the scenario\'s, which lies over the system\'s; what was not chosen stays', async () => {
    const [plain, chosen] = [await planWith(), await planWith('database.engine=mysql', 'dns.ttl=7s', 'dns.threshold=4', 'database.degrade=never')];
    expect(plain.topology.settings).toMatchObject({ database: { engine: 'mariadb', netTimeout: 2_000 }, dns: { ttl: 2_000, threshold: 2, interval: 1_000 } });
    expect(chosen.topology.settings).toMatchObject({ database: { engine: 'mysql', netTimeout: 2_000, degrade: 'never' }, dns: { ttl: 7_000, threshold: 4, interval: 1_000 } });
    expect(chosen.topology.settings.app).toEqual(plain.topology.settings.app);
  });

  test('is told in the plan and makes another version of the settings, of the scenario none', async () => {
    const [plain, chosen] = [await planWith(), await planWith('database.engine=mysql')];
    expect(plain.set).toEqual([]);
    expect(chosen.set).toEqual(['database.engine=mysql']);
    expect(explainPlan(chosen)).toContain('chosen on the command line: database.engine=mysql');
    expect(explainPlan(plain)).not.toContain('chosen on the command line');
    expect(chosen.hashes).toEqual({ scenario: plain.hashes.scenario, settings: expect.not.stringContaining(plain.hashes.settings) });
  });

  test('as the file has it already makes no difference', async () => {
    expect((await planWith('dns.ttl=2s')).hashes).toEqual((await planWith()).hashes);
  });

  test('is judged in the words of the files', async () => {
    expect(await refused('database.engine=mysqll')).toEqual([{ said: expect.stringContaining('settings > database > engine: "mysqll" should be mariadb or mysql'), file: '--set database.engine=mysqll', hint: 'did you mean "mysql"?' }]);
    expect((await refused('dns.ttl=60'))[0]).toMatchObject({ said: expect.stringContaining('settings > dns > ttl: 60 should be'), file: '--set dns.ttl=60', hint: expect.stringContaining('60s') });
    expect((await refused('database.heartbeat=9s'))[0]).toMatchObject({ said: expect.stringContaining('is not below netTimeout'), file: '--set database.heartbeat=9s' });
    // What the scenario says is still the scenario's fault.
    expect((await refused('database.netTimeout=100ms'))[0]).toMatchObject({ file: expect.stringMatching(/smoke\.yaml$/) });
  });
});

test('a world that has a choice of its own says so, and is not silently given another', async () => {
  const fixed = { ...world, name: 'fixed', adapt: (topology: Topology): Topology => ({ ...topology, settings: { ...topology.settings, database: { ...topology.settings.database, engine: 'mysql' } } }) };
  const refusedThere = (word: string) => problemsOf(() => planFile('smoke', catalogue, fixed, readChosen([word])));
  expect(await refusedThere('database.engine=mariadb')).toEqual([{ file: '--set database.engine=mariadb', message: 'the fixed world cannot choose database.engine: there it is mysql', hint: expect.any(String) }]);
  expect((await planFile('smoke', catalogue, fixed, readChosen(['database.engine=mysql', 'dns.ttl=3s']))).topology.settings.database.engine).toBe('mysql');
});

describe('what is no setting', () => {
  const wrongs = (...words: readonly string[]) => {
    try { return readChosen(words); } catch (error) {
      if (error instanceof DrillError && error.trouble === 'wrong') return error.problems.map(({ message, hint }) => `${message} / ${hint}`);
      throw error;
    }
  };
  test.each([
    ['database.engin=mysql', /there is no setting "database\.engin" \/ did you mean "database\.engine"\? settings are: database\.engine, .*database\.heartbeat, database\.maxConnections$/],
    ['engine=mysql', /there is no setting "engine" \/ did you mean "database\.engine"\?$/],
    ['__proto__.polluted=1', /there is no setting/],
    ['database=mysql', /there is no setting "database"/],
    ['database.engine', /this is no setting and its value \/ write --set/],
    ['=mysql', /this is no setting and its value/],
    ['database.engine=', /there is no value/],
    ['database.engine=[', /"\[" is not YAML/],
  ])('%s', (word, words) => { expect(wrongs(word)).toEqual([expect.stringMatching(words)]); });

  test('all of them at once, and one that is set twice', () => {
    expect(wrongs('nonsense', 'dns.ttl=1s', 'dns.ttl=2s')).toEqual([expect.stringMatching(/no setting and its value/), expect.stringMatching(/dns\.ttl was set already: dns\.ttl=1s/)]);
  });
});

test('values are read as in a file: a text may be empty, and hold what it likes', () => {
  expect(settingsOf(readChosen(["failover.runbook=''", 'dns.quorumPct=0.5', 'app.reads=local', 'failover.person=1.5m']))).toEqual({ failover: { runbook: '', person: '1.5m' }, dns: { quorumPct: 0.5 }, app: { reads: 'local' } });
  expect(settingNames).toEqual(expect.arrayContaining(['database.engine', 'failover.runbook', 'network.distance', 'mesh.baseEjection']));
});
