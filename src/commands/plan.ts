import { catalogue } from '../catalogue.ts';
import { exits } from '../errors.ts';
import { explainPlan, makePlan } from '../plan.ts';
import { readScenario } from '../scenario.ts';
import { chooseProvider } from './choose.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall plan <scenario>`: everything that would be done, resolved; nothing is started. */
export async function plan(call: Invocation): Promise<number> {
  const scenario = await readScenario(call.one('scenario'));
  const { provider } = await chooseProvider(call.options.on);
  call.say(explainPlan(makePlan(scenario, catalogue, provider)));
  return exits.pass;
}
