import type { Moment } from '../../judge/bounds.ts';
import { samplesOf, type History, type Sample, type Watched } from '../../history.ts';
import { blindOf, leftRegion, takingRegion, telling } from '../../judge/looks.ts';

export type DnsLook = Sample<'dns'>;

/** One resolver or authority as asked from one place, for the service's name. Looks by start. */
export interface Vantage { readonly name: string; readonly server: string; readonly probe: Watched; readonly looks: readonly DnsLook[] }

/** Every server that was asked for the service's name; a server asked from several places is one vantage for each. */
export function vantagesOf(history: History): Vantage[] {
  const asked = history.run.probes.filter(({ says, params }) => says === 'dns' && (params['name'] === undefined || params['name'] === 'service'));
  const all = asked.map((probe) => {
    const looks = telling(samplesOf(history, 'dns', probe.name), Number.POSITIVE_INFINITY, blindOf(history, probe));
    return { probe, looks, server: serverOf(probe, looks) };
  });
  return all.map((vantage) => ({ ...vantage, name: all.filter(({ server }) => server === vantage.server).length > 1 ? `${vantage.server} from ${vantage.probe.place}` : vantage.server }));
}

/** Whether a look was answered with the address the service had before anything was broken. */
export function isOld(history: History): (look: DnsLook) => boolean {
  const address = history.run.addresses[leftRegion(history)];
  return (look) => look.ok && address !== undefined && (look.data?.addresses.includes(address) ?? false);
}

/** Whether a look was answered with the address of the region that takes over, and not with the old one. */
export function isNew(history: History): (look: DnsLook) => boolean {
  const address = history.run.addresses[takingRegion(history)];
  const old = isOld(history);
  return (look) => look.ok && !old(look) && address !== undefined && (look.data?.addresses.includes(address) ?? false);
}

/** When a server let go of the old answer within [from, until): its last old answer and the new one after it; either null where there was none. */
export interface LetGo { readonly lastOld: DnsLook | null; readonly firstNew: DnsLook | null; readonly nextNew: DnsLook | null }

/** Last old, not first new: a cache with several back ends answers both for a while. */
export function letGoOf(history: History, looks: readonly DnsLook[], from: number, until: number): LetGo {
  const answers = looks.filter((look) => look.ended > from && look.started < until);
  const [old, new_] = [isOld(history), isNew(history)];
  const lastOld = answers.findLast(old) ?? null;
  const firstNew = answers.find(new_) ?? null;
  const nextNew = answers.find((look) => new_(look) && (lastOld === null || look.started > lastOld.started)) ?? null;
  return { lastOld, firstNew, nextNew };
}

/** The same as a moment: after the last old answer was asked for, before the new one was there; null while it holds on, or where it never answered. */
export function momentOf({ lastOld, nextNew }: LetGo): Moment | null {
  if (!nextNew) return null;
  return { at: lastOld?.started ?? nextNew.started, low: lastOld?.started ?? nextNew.started, high: nextNew.ended };
}

function serverOf(probe: Watched, looks: readonly DnsLook[]): string {
  const told = looks.find((look) => look.data !== null)?.data?.server;
  const servers = probe.params['servers'];
  return told ?? (Array.isArray(servers) && typeof servers[0] === 'string' ? servers[0] : probe.name.slice(probe.name.indexOf('@') + 1));
}
