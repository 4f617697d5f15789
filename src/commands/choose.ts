import { catalogue } from '../catalogue.ts';
import { DrillError } from '../errors.ts';
import { suggest } from '../nearest.ts';
import type { Provider } from '../world.ts';

/** The provider to run on, and why this one. */
export async function chooseProvider(named: string | undefined): Promise<{ readonly provider: Provider; readonly because: string }> {
  const { providers } = catalogue;
  if (named !== undefined) {
    const provider = providers.find((one) => one.name === named);
    if (provider) return { provider, because: 'as asked' };
    throw new DrillError('wrong', { message: `there is no world "${named}"`, hint: suggest(named, providers.map((one) => one.name), 'worlds are') });
  }
  return { provider: catalogue.providers.find(({ name }) => name === 'embedded') as Provider, because: 'real databases and names in network namespaces of this machine (on real clusters: --on kind)' };
}
