import { catalogue } from '../catalogue.ts';
import { exits } from '../errors.ts';
import { explainPlan, planFile } from '../plan.ts';
import { chooseProvider, refusalOf } from './choose.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall plan <scenario>`: everything that would be done, resolved; nothing is started. */
export async function plan(call: Invocation): Promise<number> {
  const scenario = call.one('scenario');
  const { provider } = await chooseProvider(call.options.on, (world) => refusalOf(() => planFile(scenario, catalogue, world, call.options.chosen)));
  call.say(explainPlan(await planFile(scenario, catalogue, provider, call.options.chosen)));
  return exits.pass;
}
