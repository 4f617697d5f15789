import { parts } from '../calibrate/parts.ts';
import { catalogue } from '../catalogue.ts';
import { DrillError, exits } from '../errors.ts';
import { readScenario } from '../scenario.ts';
import { settingNames } from '../scenario/set.ts';
import { namesIn, shipped } from '../shipped.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall list`: the scenarios that ship, and every fault, probe, check and world there is to write one with. */
export async function list(call: Invocation): Promise<number> {
  call.say('scenarios');
  for (const name of namesIn(shipped('scenarios'))) {
    const title = await readScenario(name).then((scenario) => scenario.title, (error: unknown) => (error instanceof DrillError ? `cannot be read: ${error.problems[0]?.message ?? ''}` : String(error)));
    call.say(`  ${name.padEnd(22)}${title}`);
  }
  const kinds: readonly [string, readonly { readonly kind: string; readonly about: string }[]][] = [['faults', catalogue.faults], ['probes', catalogue.probes], ['checks', catalogue.checks]];
  for (const [title, entries] of kinds) {
    call.say(title);
    for (const { kind, about } of entries) call.say(`  ${kind.padEnd(22)}${about}`);
  }
  call.say('parts of the calibration');
  for (const { name, about } of parts) call.say(`  ${name.padEnd(22)}${about}`);
  call.say('worlds');
  for (const { name, levers } of catalogue.providers) call.say(`  ${name.padEnd(22)}can ${[...levers].join(', ')}`);
  call.say('settings, each of which a scenario may say, or a person with --set NAME=VALUE');
  for (const [group, names] of Map.groupBy(settingNames, (name) => name.split('.')[0] ?? '')) call.say(`  ${group.padEnd(22)}${names.join(', ')}`);
  return exits.pass;
}
