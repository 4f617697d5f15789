import { sayMeasure, saySeconds, worstOf } from './judge/bounds.ts';
import type { BoundCheck, Finding, Measure, Verdict } from './check.ts';
import type { Gate } from './judge/gate.ts';
import { completed } from './judge/gates/completed.ts';
import { controlPath } from './judge/gates/control-path.ts';
import { faultProven } from './judge/gates/fault-proven.ts';
import { impact } from './judge/gates/impact.ts';
import { instrument } from './judge/gates/instrument.ts';
import type { History } from './history.ts';

const gates: readonly Gate[] = [completed, faultProven, controlPath, instrument, impact];

/** What a history means: first whether it means anything, then what each check found, merged as fail, inconclusive, pass. A check that crashes is inconclusive and says how. Pure. */
export function judge(checks: readonly BoundCheck[], history: History): Verdict {
  const validity = gates.map((gate) => guard({ check: gate.name, kind: 'gate' }, () => {
    const { holds, ...rest } = gate.judge(history);
    return { ruling: holds ? 'pass' : 'inconclusive', ...rest };
  }));
  const findings = checks.map(({ name, check, objective }) => guard({ check: name, kind: check.kind }, () => check.judge(history, objective)));
  const broken = validity.filter(({ ruling }) => ruling !== 'pass');
  const judged = findings.flatMap(({ ruling }) => (ruling === 'measured' ? [] : [ruling]));
  const ruling = broken.length > 0 ? 'inconclusive' : worstOf(judged);
  return { ruling, because: broken.length > 0 ? sayInvalid(broken) : sayMerged(ruling, findings), findings: [...validity, ...findings] };
}

function guard(who: Pick<Finding, 'check' | 'kind'>, look: () => Omit<Finding, 'check' | 'kind'>): Finding {
  try {
    return { ...who, ...look() };
  } catch (error) {
    return { ...who, ruling: 'inconclusive', because: `The check itself failed: ${error instanceof Error ? error.message : String(error)}`, measures: [] };
  }
}

function sayInvalid(broken: readonly Finding[]): string {
  const [first, ...more] = broken;
  const others = more.length === 0 ? '' : ` Nor do these hold: ${more.map(({ check }) => check).join(', ')}.`;
  return `This run proves nothing either way (${first?.check}): ${first?.because}${others}`;
}

function sayMerged(ruling: Verdict['ruling'], findings: readonly Finding[]): string {
  const deciding = findings.filter((finding) => finding.ruling === ruling);
  const judged = findings.filter((finding) => finding.ruling !== 'measured').length;
  if (ruling === 'fail') return `${deciding.length} of ${judged} objectives missed: ${deciding.map(({ check, because }) => `${check}: ${because}`).join(' ')}`;
  if (ruling === 'inconclusive') return `Not decided: ${deciding.map(({ check, because }) => `${check}: ${because}`).join(' ')}`;
  const met = judged === 0 ? 'Nothing was asked of this run; it was measured' : judged === 1 ? 'The one objective was met' : `All ${judged} objectives were met`;
  const said = sayHeadline(findings);
  return said === '' ? `${met}.` : `${met}: ${said}.`;
}

/** What a manager asks first: how long it took, and what was lost. */
function sayHeadline(findings: readonly Finding[]): string {
  const find = (name: string): Measure | undefined => findings.flatMap(({ measures }) => measures).find((measure) => measure.name === name);
  const [rto, lost, acked] = [find('failover.rto'), find('loss.lost'), find('loss.acked')];
  const said: string[] = [];
  if (rto && rto.value !== null) said.push(rto.censored ? `users were not served again within ${saySeconds(rto.value * 1_000)}` : `users were served again after ${sayMeasure(rto)}`);
  if (lost?.value === 0) said.push(`none of ${(acked?.value ?? 0).toLocaleString('en-US')} acknowledged writes was lost`);
  else if (lost?.value) said.push(`${lost.value.toLocaleString('en-US')} of ${(acked?.value ?? 0).toLocaleString('en-US')} acknowledged writes were lost`);
  const [reverted, conflicting] = [find('updates.reverted'), find('updates.conflicting')];
  if (reverted?.value) said.push(`${reverted.value.toLocaleString('en-US')} updates were taken away`);
  if (conflicting?.value) said.push(`${conflicting.value.toLocaleString('en-US')} were made without seeing each other`);
  return said.length > 1 ? `${said.slice(0, -1).join(', ')}, and ${said.at(-1)}` : said.join('');
}
