import { catalogue } from '../catalogue.ts';
import { DrillError, exits } from '../errors.ts';
import type { Invocation } from './invocation.ts';

/** `regionfall sweep [run]`: ends what runs left behind whose harness is gone, or one run by name; needs no memory of them. */
export async function sweep(call: Invocation): Promise<number> {
  if (call.words.length > 1) throw new DrillError('wrong', { message: `one run at a time: ${call.words.join(', ')}`, hint: 'without a name, sweep ends all whose harness is gone' });
  const swept = (await Promise.all(catalogue.providers.map((provider) => provider.sweep(call.words[0])))).flat();
  for (const one of swept) call.say(`removed ${one}`);
  if (swept.length === 0) call.say(call.words[0] === undefined ? 'nothing was left behind' : `nothing is there of a run ${call.words[0]}`);
  return exits.pass;
}
