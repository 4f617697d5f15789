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
  return chooseBest();
}

/** Real clusters where an engine answers and nothing is missing that cannot be mended; else real programs on this machine. */
async function chooseBest(): Promise<{ readonly provider: Provider; readonly because: string }> {
  const of = (name: string) => catalogue.providers.find((one) => one.name === name) as Provider;
  if (!catalogue.providers.some(({ name }) => name === 'kind')) return { provider: of('embedded'), because: 'real databases and names in network namespaces of this machine' };
  const hopeless = (await of('kind').shortfalls()).find(({ mend }) => mend === null);
  if (!hopeless) return { provider: of('kind'), because: 'for a container engine answers here (another world: --on embedded)' };
  return { provider: of('embedded'), because: `real databases and names in network namespaces of this machine, and not on kind: ${hopeless.what}` };
}
