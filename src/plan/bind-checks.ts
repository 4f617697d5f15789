import { bindWith, kindOf, mustBeOneOf, refuse, type Binding } from './bind.ts';
import { checkReferences, type Watching } from './bind-references.ts';
import type { BoundCheck } from '../check.ts';
import { steps, type Step } from '../scenario/format.ts';
import type { CheckEntry } from '../scenario.ts';

/** The gates (`before`) or the checks (`expect`) of the scenario, each bound to its objective. */
export function bindChecks(binding: Binding, section: 'before' | 'expect', watching: Watching): BoundCheck[] {
  return binding.scenario[section].flatMap((entry) => bindEntry(binding, section, entry, watching));
}

function bindEntry(binding: Binding, section: 'before' | 'expect', entry: CheckEntry, watching: Watching): BoundCheck[] {
  const path = [section, entry.name];
  const check = kindOf(binding, binding.catalogue.checks, entry.check, 'check', [...path, 'check']);
  const objective = check && bindWith(binding, path, check.objective, entry.with);
  if (!check || !objective) return [];
  checkReferences(binding, path, objective, watching);
  return [{ name: entry.name, check, objective }];
}

/** The steps after the break, in order; healing is not a choice where something was broken, and a planned move is one where nothing is. */
export function bindSteps(binding: Binding): Step[] {
  const { scenario, mended } = binding;
  if (mended.has('then')) return [];
  const breaks = scenario.break.length > 0 || [...mended].some((path) => path.startsWith('break'));
  const planned = scenario.then.indexOf('switch over');
  if (!breaks && scenario.then.length > 0 && planned < 0) refuse(binding, ['then'], `then: ${scenario.then.join(', ')}, and nothing is broken`, 'drop "then", break something, or begin with "switch over"');
  if (!breaks && planned >= 0 && scenario.then.includes('heal')) refuse(binding, ['then', scenario.then.indexOf('heal')], 'then: "heal", and nothing is broken', 'write then: [switch over, fail back]');
  if (breaks && planned >= 0) refuse(binding, ['then', planned], 'then: "switch over" after a break: a planned move is made with both regions well', 'break nothing, or drop "switch over"');
  scenario.then.forEach((step, index) => {
    const before = scenario.then[index - 1];
    if (before !== undefined && steps.indexOf(before) >= steps.indexOf(step)) refuse(binding, ['then', index], `then: "${step}" stands after "${before}"`, 'the order is [heal, rejoin, fail back] or [switch over, fail back], each at most once');
  });
  if (planned >= 0 && scenario.then.includes('rejoin')) refuse(binding, ['then', scenario.then.indexOf('rejoin')], 'then: "rejoin" after "switch over": nobody was expelled, so nobody has to rejoin', 'write then: [switch over, fail back]');
  if (breaks && scenario.then.includes('fail back') && !scenario.then.includes('rejoin')) refuse(binding, ['then', scenario.then.indexOf('fail back')], 'then: "fail back" without "rejoin": the old region would have no copy to go back to', 'write then: [heal, rejoin, fail back]');
  return steps.filter((step) => scenario.then.includes(step) || (step === 'heal' && breaks));
}

/** The fault that users are expected to notice. It must be said wherever something is broken: a drill that nobody noticed must not pass by silence. */
export function bindImpact(binding: Binding): string | null {
  const { scenario, mended } = binding;
  const faults = [...scenario.break.map((entry) => entry.name), ...[...mended].filter((path) => path.startsWith('break > ')).map((path) => path.slice('break > '.length))];
  if (mended.has('expect > impact') || mended.has('break') || mended.has('expect')) return null;
  if (scenario.impact === undefined) {
    if (faults.length > 0) refuse(binding, ['expect'], '"impact" is missing in expect', `name the fault that users are expected to notice (${faults.join(', ')}), or write impact: none`);
    return null;
  }
  if (scenario.impact === null) return null;
  mustBeOneOf(binding, scenario.impact, faults, 'fault', ['expect', 'impact']);
  return scenario.impact;
}
