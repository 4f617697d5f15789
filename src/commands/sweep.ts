import { catalogue } from '../catalogue.ts';
import { exits } from '../errors.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall sweep [run]`: ends what runs left behind whose harness is gone, or one run by name; needs no memory of them. */
export async function sweep(call: Invocation): Promise<number> {
  const swept = (await Promise.all(catalogue.providers.map((provider) => provider.sweep(call.words[0])))).flat();
  for (const one of swept) call.say(`removed ${one}`);
  if (swept.length === 0) call.say('nothing was left behind');
  return exits.pass;
}
