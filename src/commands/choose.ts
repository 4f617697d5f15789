import { catalogue } from '../catalogue.ts';
import { DrillError } from '../errors.ts';
import { suggest } from '../nearest.ts';
import type { Provider } from '../world.ts';

/** Why a world cannot run what is asked for; null where it can. */
type Refuses = (provider: Provider) => Promise<string | null>;

/** The provider to run on, and why this one. Where none is named: real clusters if they can be had here and `refuses` has nothing against them, else the embedded world. */
export async function chooseProvider(named: string | undefined, refuses: Refuses = async () => null, providers: readonly Provider[] = catalogue.providers): Promise<{ readonly provider: Provider; readonly because: string }> {
  if (named !== undefined) {
    const provider = providers.find((one) => one.name === named);
    if (provider) return { provider, because: 'as asked' };
    throw new DrillError('wrong', { message: `there is no world "${named}"`, hint: suggest(named, providers.map((one) => one.name), 'worlds are') });
  }
  const of = (name: string) => providers.find((one) => one.name === name) as Provider;
  const [clusters, embedded] = [of('kind'), of('embedded')];
  const against = (await clusters.shortfalls()).find(({ mend }) => mend === null)?.what ?? await refuses(clusters); // what a command mends is for `makeReady`
  return against === null
    ? { provider: clusters, because: 'real clusters, for a container engine answers (in network namespaces instead: --on embedded)' }
    : { provider: embedded, because: `real databases and names in network namespaces of this machine, for clusters cannot be had: ${against}` };
}

/** Why a plan cannot be made, in its first words; null where it can. */
export async function refusalOf(plan: () => Promise<unknown>): Promise<string | null> {
  try { await plan(); return null; } catch (error) {
    if (error instanceof DrillError) return error.problems[0]?.message ?? error.message;
    throw error;
  }
}
