import { catalogue } from '../catalogue.ts';
import { exits } from '../errors.ts';
import { explainPlan, planFile } from '../plan.ts';
import { chooseProvider } from './choose.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall plan <scenario>`: everything that would be done, resolved; nothing is started. */
export async function plan(call: Invocation): Promise<number> {
  const { provider } = await chooseProvider(call.options.on);
  call.say(explainPlan(await planFile(call.one('scenario'), catalogue, provider)));
  return exits.pass;
}
