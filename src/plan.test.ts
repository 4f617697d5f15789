import { describe, expect, test } from '@jest/globals';
import { explainPlan, makePlan, planFile } from './plan.ts';
import type { Offer } from './plan/bind.ts';
import { able, brief, catalogue, changed, example, fileOf, problemsOf } from './plan/fixture.ts';
import { readScenario } from './scenario.ts';
import { namesIn, shipped } from './shipped.ts';

const plan = async (text: string, offer: Offer = able) => makePlan(await readScenario(fileOf(text)), catalogue, offer);
const refused = (text: string, offer: Offer = able) => problemsOf(() => planFile(fileOf(text), catalogue, offer));

describe('a plan', () => {
  test('has everything bound, and the control probe', async () => {
    const made = await plan(example);
    expect(made.probes.map((probe) => probe.name)).toEqual(['front door', 'names@strict', 'names@stretch', 'names@authority-1', 'names@authority-2', 'writer', 'control']);
    expect(made.probes[0]?.params).toEqual({ path: '/orders', target: 'service', resolver: 'strict', connections: 'new' });
    expect(made.probes.at(-1)).toMatchObject({ kind: 'http', place: 'outside', everyMs: 250, timeoutMs: 250, params: { target: 'control' } });
    expect(made.says).toMatchObject({ 'front door': 'http', 'names@strict': 'dns', writer: 'write', control: 'http' });
    expect(made.client).toEqual({ probes: ['front door', 'writer'], resolver: 'strict' });
    expect(made.faults[0]).toMatchObject({ name: 'lose primary', place: 'ap-northeast-2', atMs: 0, until: 'recovered', atMostMs: 240_000 });
    expect(made).toMatchObject({ then: ['heal', 'rejoin', 'fail back'], impact: 'lose primary', world: 'able' });
    expect(made.checks[0]).toMatchObject({ name: 'rto', objective: { max: 120_000 } });
    expect(made.endsWithinMs).toBeGreaterThan(30_000 + 240_000);
  });

  test('heals what was broken, also where the scenario does not say so', async () => {
    expect((await plan(changed('then: [heal, rejoin, fail back]\n', ''))).then).toEqual(['heal']);
    expect((await plan(changed('then: [heal, rejoin, fail back]', 'then: [rejoin]'))).then).toEqual(['heal', 'rejoin']);
  });

  test('a probe in a region aims at the app there, and asks the client\'s resolver', async () => {
    const made = await plan(changed('names:', 'inside: { probe: ledger, from: ap-northeast-2, every: 20ms, timeout: 12s }\n  names:'));
    expect(made.probes[1]?.params).toEqual({ target: { place: 'ap-northeast-2', part: 'app' }, resolver: 'strict', connections: 'new' });
    expect(made.client.probes).toEqual(['front door', 'writer']);
  });

  test('its hashes ignore words, spacing and order, and nothing else', async () => {
    const { hashes } = await plan(example);
    expect((await plan(`# a remark\n${changed('title: Lose the primary region', 'title: other words\npredicts: more words').replace('stable: 30s', 'stable:   30000ms')}`)).hashes).toEqual(hashes);
    expect((await plan(changed('every: 20ms', 'every: 30ms'))).hashes).toEqual({ scenario: expect.not.stringContaining(hashes.scenario), settings: hashes.settings });
    expect((await plan(changed('ttl: 30s', 'ttl: 31s'))).hashes).toEqual({ scenario: hashes.scenario, settings: expect.not.stringContaining(hashes.settings) });
  });

  test('explained, it shows every setting, probe, proof look, gate, check and phase', async () => {
    const said = explainPlan(await plan(example));
    for (const part of ['dns.ttl: 30s', 'database.degrade: 10s', 'dns.quorumPct: 18', 'names@authority-2', 'timeout 12s', 'control', 'us-west-2 -> ap-northeast-2/database', 'must turn from ok to silent', 'ap-northeast-2 -> control',
      'healthy: steady { probe: front door, minOkPct: 99.9, during: baseline }', 'rto: failover-time { max: 2m }', 'until recovered, at most 4m', 'fail back', 'planned: 80 s at least', 'resolver stretch: stretch, keeps every answer for 5m']) expect(said).toContain(part);
  });
});

describe('a plan that would fail halfway', () => {
  const noFreeze: Offer = { name: 'half', levers: new Set(['cut', 'kill'] as const), senses: new Set(['http', 'append', 'reach'] as const) };
  test.each<[string, string, RegExp, RegExp, Offer?]>([
    ['an unknown fault', changed('fault: region-outage', 'fault: region-outrage'), /^14: unknown fault "region-outrage"$/, /did you mean "region-outage"\? faults are: region-outage, replication-cut/],
    ['an unknown probe', changed('probe: ledger', 'probe: leger'), /^12: unknown probe "leger"$/, /did you mean "ledger"\?/],
    ['an unknown check', changed('check: failover-time', 'check: rto'), /^18: unknown check "rto"$/, /checks are: steady, failover-time/],
    ['an unknown parameter', changed('how: black-hole', 'hwo: crash'), /^14: unknown key "hwo" in break > lose primary > with$/, /did you mean "how"\?/],
    ['a wrong parameter', changed('how: black-hole', 'how: gently'), /^14: break > lose primary > with > how: "gently" should be black-hole or reject or .* or freeze$/, /write black-hole/],
    ['a missing parameter', changed('region: ap-northeast-2, ', ''), /^14: "region" is missing in break > lose primary > with$/, /write region: text/],
    ['a wrong objective', changed('max: 120s', 'max: -1s'), /^18: expect > rto > with > max: "-1s" is not a duration/, /250ms/],
    ['a region that is not there', changed('region: ap-northeast-2', 'region: ap-northeast-1'), /^14: there is no region "ap-northeast-1"$/, /did you mean "ap-northeast-2"\? regions are: ap-northeast-2, us-west-2/],
    ['a place that is not there', changed('from: outside, every: 20ms', 'from: inside, every: 20ms'), /^12: there is no place "inside"$/, /places are: outside, ap-northeast-2, us-west-2/],
    ['a resolver that is not there', changed('path: /orders', 'path: /orders, resolver: lax'), /^10: there is no resolver "lax"$/, /resolvers are: strict, stretch/],
    ['a server that is not there', changed('timeout: 2s }', 'timeout: 2s, with: { servers: [strict, authority-3] } }'), /^11: there is no resolver or authority "authority-3"$/, /authority-1, authority-2/],
    ['a target that is not there', changed('path: /orders', 'path: /orders, target: { place: eu-west-1, part: app }'), /^10: there is no region "eu-west-1"$/, /regions are/],
    ['a lever this world lacks', changed('how: black-hole', 'how: freeze'), /^14: the half world cannot freeze, which region-outage needs here; it can cut, kill$/, /another world/, noFreeze],
    ['a sense this world lacks', example, /^11: the half world cannot resolve, which a dns probe needs; it can http, append, reach$/, /another world/, noFreeze],
    ['no reach, so no proof', example, /^14: the blind world cannot reach/, /proven/, { ...able, name: 'blind', senses: new Set(['http', 'resolve', 'append'] as const) }],
    ['two cuts of one link', changed('then:', '  lose standby: { fault: region-outage, at: 10s, until: 20s, with: { region: us-west-2 } }\nthen:'), /^15: "lose primary" and "lose standby" fight over the link ap-northeast-2 <-> us-west-2: 10s into the break/, /before the other begins/],
    ['a part that does not stand there', changed('fault: region-outage', 'fault: part-outage').replace('region: ap-northeast-2, how: black-hole', 'place: ap-northeast-2, part: pilot, how: crash'), /^14: ap-northeast-2 has no pilot$/, /has: app, database/],
    ['a place that is not there, in a link', changed('fault: region-outage', 'fault: link-cut').replace('region: ap-northeast-2, how: black-hole', 'a: { place: eu-west-1 }, b: rest'), /^14: there is no place "eu-west-1"$/, /places are: outside/],
    ['one of several that is not there', changed('fault: region-outage', 'fault: link-cut').replace('region: ap-northeast-2, how: black-hole', 'a: { place: outside, part: checkers }, b: { place: outside, part: authorities, only: authority-3 }'), /^14: there is no authorities called "authority-3"$/, /authority-1, authority-2/],
    ['a link of one end', changed('fault: region-outage', 'fault: link-cut').replace('region: ap-northeast-2, how: black-hole', 'a: { place: outside }, b: { place: outside, part: pilot }'), /^14: both ends of the cut are one$/, /name two/],
    ['a pull that this world cannot make', changed('how: black-hole', 'how: reject'), /^14: the polite world cannot reject$/, /another world/, { ...able, name: 'polite', cannot: (pull) => (pull.lever === 'cut' && pull.how.how === 'reject' ? 'cannot reject' : null) }],
    ['the same cut twice', changed('then:', '  again: { fault: region-outage, at: 4m, until: 20s, with: { region: ap-northeast-2 } }\nthen:'), /^15: "lose primary" and "again" fight over/, /before/],
    ['a fault that another one hides', changed('then:', '  crash: { fault: region-outage, at: 10s, until: 20s, with: { region: ap-northeast-2, how: crash } }\nthen:'), /^15: "lose primary" hides every sign of "crash"/, /before/],
    ['a gate on a probe that is not watched', changed('probe: front door, min', 'probe: frontdoor, min'), /^8: there is no watched probe "frontdoor"$/, /did you mean "front door"\?/],
    ['reads of a writer that is not watched', changed('names:', 'back: { probe: reads, from: outside, every: 1s, timeout: 1s, with: { writer: writr } }\n  names:'), /^11: there is no watched ledger "writr"$/, /did you mean "writer"\?/],
    ['a critical resolver that is not there', changed('rto:', 'dns: { check: dns-convergence, with: { critical: [strikt] } }\n  rto:'), /^18: there is no resolver "strikt"$/, /did you mean "strict"\?/],
    ['a critical resolver that nobody asks', changed('rto:', 'dns: { check: dns-convergence, with: { critical: [strict] } }\n  rto:', changed('timeout: 2s }', 'timeout: 2s, with: { servers: [stretch] } }')), /^18: no dns probe asks "strict"$/, /asked are: stretch/],
    ['an impact that is no fault', changed('impact: lose primary', 'impact: lose primry'), /^17: there is no fault "lose primry"$/, /did you mean "lose primary"\?/],
    ['an impact that is not said', changed('  impact: lose primary\n', ''), /^16: "impact" is missing in expect$/, /impact: none/],
    ['no http probe that is the client', changed('connections: new }', 'connections: reused }'), /^4: no http probe is the reference client/, /probes: \[/],
    ['several http probes that are the client', changed('names:', 'side door: { probe: http, from: outside, every: 250ms, timeout: 250ms }\n  names:'), /^4: several http probes could be the reference client: "front door", "side door"$/, /probes: \[/],
    ['several ledgers that are the client', changed('names:', 'scribe: { probe: ledger, from: outside, every: 1s, timeout: 1s }\n  names:'), /^4: several ledgers could be/, /probes: \[/],
    ['a client probe that is not watched', changed('connections: new }', 'connections: new, probes: [front dor] }'), /^4: there is no watched probe "front dor"$/, /did you mean "front door"\?/],
    ['a client at no place', changed('client: { at: outside', 'client: { at: outsid'), /^4: there is no place "outsid"$/, /did you mean "outside"\?/],
    ['an HTTP look that outlives its interval', changed('timeout: 250ms', 'timeout: 300ms'), /^10: watch > front door > timeout: 300ms is longer than every, 250ms$/, /must not overlap/],
    ['more looks in flight than can be measured', changed('every: 20ms, timeout: 12s', 'every: 10ms, timeout: 1m'), /^12: .*6000 looks would be under way/, /less often/],
    ['a probe called control', changed('  writer: {', '  control: {'), /^12: the name "control" is taken/, /another name/],
    ['a direct probe outside', changed('names:', 'promotion: { probe: direct, from: outside, every: 100ms, timeout: 1s }\n  names:'), /^11: a direct probe looks at the database of its own place/, /us-west-2/],
    ['recovered without an end', changed(', at most: 4m', ''), /^14: .*has no end of its own$/, /at most: 4m/],
    ['stable longer than the break', changed('at most: 4m', 'at most: 30s'), /^14: .*leaves no room for 30s of good looks/, /allow more/],
    ['until after at most', changed('until: recovered, at most: 4m', 'until: 5m, at most: 4m'), /^14: .*until 5m is longer than at most 4m$/, /drop/],
    ['fail back without rejoin', changed('[heal, rejoin, fail back]', '[heal, fail back]'), /^15: then: "fail back" without "rejoin"/, /write then/],
    ['steps out of order', changed('[heal, rejoin, fail back]', '[rejoin, heal]'), /^15: then: "heal" stands after "rejoin"$/, /the order is/],
    ['a planned move after a break', changed('[heal, rejoin, fail back]', '[heal, switch over]'), /^15: then: "switch over" after a break/, /drop "switch over"/],
    ['a rejoin of what never left', example.replace(/break:\n.*\n/, '').replace('impact: lose primary', 'impact: none').replace('[heal, rejoin, fail back]', '[switch over, rejoin]'), /^13: then: "rejoin" after "switch over"/, /\[switch over, fail back\]/],
    ['a heal of nothing', example.replace(/break:\n.*\n/, '').replace('impact: lose primary', 'impact: none').replace('[heal, rejoin, fail back]', '[heal, switch over]'), /^13: then: "heal", and nothing is broken/, /\[switch over, fail back\]/],
    ['steps after nothing', example.replace(/break:\n.*\n/, '').replace('impact: lose primary', 'impact: none'), /^13: then: .* and nothing is broken$/, /drop "then"/],
  ])('%s', async (_what, text, message, hint, offer = able) => {
    const problems = await refused(text, offer);
    const found = problems.find((problem) => message.test(`${problem.line}: ${problem.message}`));
    expect({ all: brief(problems), found: found !== undefined }).toEqual({ all: expect.anything(), found: true });
    expect(found?.hint).toMatch(hint);
    expect(found?.file).toMatch(/x\.yaml$/);
    if (offer === able) expect(brief(problems)).toHaveLength(1);
  });

  test('all problems of the file, its settings and the plan in one go, and none of them twice', async () => {
    const text = example.replace('fault: region-outage, at: 0s', 'fault: region-outige, at: -3s').replace('from: outside, every: 20ms', 'from: nowhere, evry: 20ms').replace('check: failover-time', 'check: failover').replace('ttl: 30s', 'tll: 30s').replace('stable: 30s', 'stable: soon');
    expect(brief(await refused(text))).toEqual([
      '3: unknown key "tll" in settings > dns',
      '5: stable: "soon" is not a duration: write a number and its unit, such as 250ms, 10s or 4m',
      '12: "every" is missing in watch > writer',
      '12: unknown key "evry" in watch > writer',
      '12: there is no place "nowhere"',
      '14: break > lose primary > at: "-3s" is not a duration: write a number and its unit, such as 250ms, 10s or 4m',
      '14: unknown fault "region-outige"',
      '18: unknown check "failover"',
    ]);
  });

  test('a replica\'s link may be cut before its region is: they hold different things', async () => {
    const text = changed('break:\n', 'break:\n  lag: { fault: replication-cut, at: 0s, until: recovered, at most: 4m }\n').replace('at: 0s, until: recovered, at most: 4m, with: { region', 'at: 2s, until: recovered, at most: 4m, with: { region');
    expect((await plan(text)).faults.map((fault) => fault.atMs)).toEqual([0, 2_000]);
  });
});

describe('what ships', () => {
  test.each(namesIn(shipped('scenarios')))('%s reads and plans', async (name) => {
    const made = await planFile(name, catalogue, able);
    expect(made.predicts.length).toBeGreaterThan(40);
    expect(made.client.probes).toEqual(['front door', 'writer']);
    expect(made.gates).toHaveLength(1);
    expect(explainPlan(made)).toContain(made.title);
  });

  test('smoke is planned to be over in half of its 90 s, so that the rest may take the other', async () => {
    expect(explainPlan(await planFile('smoke', catalogue, able))).toContain('planned: 20 s at least');
  });
});
