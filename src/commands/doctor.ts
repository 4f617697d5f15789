import { catalogue } from '../catalogue.ts';
import { examine, makeReady } from '../doctor.ts';
import { exits } from '../errors.ts';
import { chooseProvider } from './choose.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall doctor`: tries what each world needs here and names the command that mends each shortfall; `--yes` runs those commands. */
export async function doctor(call: Invocation): Promise<number> {
  const wanted = call.options.on === undefined ? catalogue.providers : [(await chooseProvider(call.options.on)).provider];
  if (call.options.yes) for (const provider of wanted) await makeReady(provider, true, call.say);
  const ready = [];
  for (const provider of wanted) ready.push(await examine(provider, call.say));
  return ready.every(Boolean) ? exits.pass : exits.notReady;
}
