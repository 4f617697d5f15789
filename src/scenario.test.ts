import { describe, expect, test } from '@jest/globals';
import { randomFillSync } from 'node:crypto';
import { readScenario } from './scenario.ts';
import { brief, changed, example, fileOf, problemsOf } from './plan/fixture.ts';
import { resolveTopology } from './scenario/system-file.ts';
import { spentMs } from '../test/spent.ts';

const refused = (content: string | Uint8Array) => problemsOf(() => readScenario(fileOf(content)));

describe('a scenario that is right', () => {
  test('comes out in ms and lists', async () => {
    const scenario = await readScenario(fileOf(example, 'lose.yaml'));
    expect(scenario).toMatchObject({ name: 'lose', title: 'Lose the primary region', predicts: '', stableMs: 30_000, baselineMs: 30_000, impact: 'lose primary', then: ['heal', 'rejoin', 'fail back'] });
    expect(scenario.watch[2]).toEqual({ name: 'writer', probe: 'ledger', from: 'outside', everyMs: 20, timeoutMs: 12_000, with: {} });
    expect(scenario.break).toEqual([{ name: 'lose primary', fault: 'region-outage', atMs: 0, untilMs: null, atMostMs: 240_000, with: { region: 'ap-northeast-2', how: 'black-hole' } }]);
    expect(scenario.expect).toEqual([{ name: 'rto', check: 'failover-time', with: { max: '120s' } }]);
    expect(scenario.yaml.lineOf(['break', 'lose primary', 'at'])).toBe(14);
  });

  test('may break nothing, and says "none" for an impact', async () => {
    for (const nothing of ['break:\n', 'break: {}\n', '']) {
      const text = example.replace(/break:\n.*\n/, nothing).replace('impact: lose primary', 'impact: none');
      expect(await readScenario(fileOf(text))).toMatchObject({ break: [], impact: null });
    }
  });

  test('may use a few anchors, and lines are found through them', async () => {
    const text = changed('names: { probe: dns, from: outside, every: 250ms, timeout: 2s }', 'names: &n { probe: dns, from: outside, every: 250ms, timeout: 2s }\n  more: *n');
    const scenario = await readScenario(fileOf(text));
    expect(scenario.watch[2]).toMatchObject({ name: 'more', probe: 'dns' });
    expect(scenario.yaml.lineOf(['watch', 'more', 'every'])).toBe(11);
  });
});

describe('a scenario that is wrong', () => {
  test('every problem at once, each with file, line and hint', async () => {
    const text = example.replace('stable: 30s', 'stable: 30').replace('baseline: 30s', 'baselin: 30s').replace('at: 0s', 'at: -3s').replace('every: 20ms', 'every: 20').replace('connections: new }', 'connections: newish }');
    const problems = await refused(text);
    expect(brief(problems)).toEqual([
      '1: "baseline" is missing',
      '4: client > connections: "newish" should be new or reused',
      '5: stable: 30 should be text',
      '6: unknown key "baselin"',
      '12: watch > writer > every: 20 should be text',
      '14: break > lose primary > at: "-3s" is not a duration: write a number and its unit, such as 250ms, 10s or 4m',
    ]);
    for (const problem of problems) {
      expect(problem.file).toMatch(/x\.yaml$/);
      expect(problem.hint).toBeTruthy();
    }
    expect(problems.find((problem) => problem.message.includes('baselin"'))?.hint).toContain('did you mean "baseline"?');
    expect(problems.find((problem) => problem.line === 5)?.hint).toContain('30s');
  });

  test.each([
    ['an unknown key in an entry', changed('every: 250ms, timeout: 2s', 'evry: 250ms, timeout: 2s'), [/^11: "every" is missing in watch > names$/, /^11: unknown key "evry" in watch > names$/]],
    ['a key twice', changed('stable: 30s', 'stable: 30s\nstable: 31s'), [/^6: this key stands here for the second time$/]],
    ['no YAML', changed('watch:\n', 'watch: [\n'), [/^\d+: not YAML: /]],
    ['a second document', `${example}---\ntitle: another\n`, [/^19: a second document/]],
    ['an empty file', '', [/^1: the file is empty/]],
    ['only a comment', '# nothing yet\n', [/^1: the file is empty/]],
    ['a list', '- a\n- b\n', [/^1: this is a list/]],
    ['only text', 'hello', [/^1: this is only text/]],
    ['a too short every', changed('every: 20ms', 'every: 1ms'), [/^12: .*must be at least 10ms/]],
    ['more than a day', changed('at most: 4m', 'at most: 25h'), [/^14: .*longer than a day/]],
    ['a number without end', changed('at most: 4m', `at most: 1${'0'.repeat(400)}h`), [/^14: .*longer than a day/]],
    ['a name that cannot be', changed('  writer: {', '  "a:b@c": {'), [/^12: "a:b@c" in watch is not a name/]],
    ['a fault called none', changed('lose primary: {', 'none: {'), [/^14: a fault cannot be called "none"/]],
    ['a step that is not there', changed('[heal, rejoin, fail back]', '[heal, failback]'), [/^15: then > #2: "failback" should be heal or switch over or rejoin or fail back/]],
    ['an unresolved tag', changed('stable: 30s', 'stable: !seconds 30'), [/^5: not YAML: Unresolved tag/]],
    ['an alias to nothing', changed('stable: 30s', 'stable: *long'), [/^5: not YAML|aliases cannot be followed/]],
  ])('%s', async (_what, text, expected) => {
    const problems = await refused(text);
    for (const one of expected) expect(brief(problems)).toContainEqual(expect.stringMatching(one));
    for (const problem of problems) expect(problem.hint).toBeTruthy();
  });

  test('a bomb of aliases is refused, quickly', async () => {
    const levels = Array.from({ length: 12 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array.from({ length: 9 }, () => `*l${level}`).join(', ')}]`);
    expect(await spentMs(async () => {
      expect(brief(await refused(['l0: &l0 [x]', ...levels].join('\n')))).toContainEqual(expect.stringMatching(/aliases cannot be followed/));
    })).toBeLessThan(2_000);
  });

  test.each([
    ['100 kB of random bytes', randomFillSync(new Uint8Array(100_000))],
    ['100 kB of one letter', 'a'.repeat(100_000)],
    ['50 kB of random bytes', randomFillSync(new Uint8Array(50_000))],
    ['a binary', new Uint8Array([0x7f, 0x45, 0x4c, 0x46, 0, 0, 0, 1])],
    ['60 kB of brackets', '['.repeat(60_000)],
    ['60 kB of braces and colons', '{a: '.repeat(15_000)],
    ['60 kB of keys that mean nothing', Array.from({ length: 5_000 }, (_, index) => `k${index}: v`).join('\n')],
    ['60 kB of printable noise', Array.from({ length: 60_000 }, (_, index) => String.fromCharCode(32 + ((index * 7919 + ((index * index) % 101)) % 95))).join('')],
  ])('%s: a bounded number of problems with lines and hints, quickly', async (_what, noise) => {
    let problems = await refused('x: y');
    expect(await spentMs(async () => { problems = await refused(noise); })).toBeLessThan(5_000);
    expect(problems.length).toBeGreaterThan(0);
    expect(problems.length).toBeLessThanOrEqual(51);
    expect(problems[0]?.line).toBeGreaterThan(0);
    for (const problem of problems) expect(problem.hint).toBeTruthy();
  });

  test('a scenario that is not there: the ones that are', async () => {
    const [problem] = await problemsOf(() => readScenario('dr-dril'));
    expect(problem?.message).toBe('there is no scenario "dr-dril"');
    expect(problem?.hint).toMatch(/did you mean "dr-drill"\? scenarios are: .*noop.*smoke/);
    expect((await problemsOf(() => readScenario('/nowhere/smok.yaml')))[0]).toMatchObject({ file: '/nowhere/smok.yaml', hint: expect.stringContaining('"smoke"') });
    expect(brief(await problemsOf(() => readScenario('src/')))).toEqual(['-: is not a file, so not a scenario']);
  });
});

describe('the system of a scenario', () => {
  test('is read, with the settings of the scenario laid over its own', async () => {
    const topology = resolveTopology(await readScenario(fileOf(example)));
    expect(topology.places).toEqual(['outside', 'ap-northeast-2', 'us-west-2']);
    expect(topology.settings.dns).toMatchObject({ ttl: 30_000, interval: 10_000, threshold: 3, checkers: 16 });
    expect(topology.resolvers).toEqual([{ name: 'strict', kind: 'strict', planted: false }, { name: 'stretch', kind: 'stretch', minTtlMs: 300_000, planted: true }]);
  });

  test('what is wrong in settings is found where it was written', async () => {
    const text = changed('settings: { dns: { ttl: 30s } }', 'settings:\n  dns:\n    ttl: soon\n    intervall: 10s\n  database: { degrade: 5, heartbeat: 9s }');
    const problems = await problemsOf(async () => resolveTopology(await readScenario(fileOf(text))));
    expect(brief(problems)).toEqual([
      expect.stringMatching(/^5: settings > dns > ttl: "soon" is not a duration/),
      '6: unknown key "intervall" in settings > dns',
      '7: settings > database > degrade: 5 should be never or text',
    ]);
    expect(problems[1]?.hint).toContain('did you mean "interval"?');
    expect(brief(await problemsOf(async () => resolveTopology(await readScenario(fileOf(changed('{ dns: { ttl: 30s } }', '{ database: { heartbeat: 9s } }'))))))).toEqual(['3: settings > database > heartbeat: 9000 ms is not below netTimeout, 4000 ms']);
  });

  test('a system that is not there', async () => {
    expect((await problemsOf(async () => resolveTopology(await readScenario(fileOf(changed('system: active-passive', 'system: activ-passive'))))))[0]).toMatchObject({ line: 2, message: 'there is no system "activ-passive"', hint: expect.stringContaining('did you mean "active-passive"?') });
  });
});
