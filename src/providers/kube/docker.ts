import { here, must, through, type Exec } from '../../exec.ts';
import { labels, networkOf, type Named } from './names.ts';

/** A container as far as its owner matters. */
export interface Owned { readonly name: string; readonly run: string; readonly harness: number; readonly kept: boolean }

/** Runs a docker command that must succeed; its stdout. */
export function docker(argv: readonly string[], options: Parameters<typeof must>[2] = {}): Promise<string> {
  return must(here, ['docker', ...argv], { timeoutMs: 60_000, ...options });
}

/** A container as a place to run commands, with stdin; it needs no network. */
export function inContainer(name: string): Exec {
  return through(['docker', 'exec', '-i', name]);
}

/** A network of the run's own whose third byte is the first that is free; its first three bytes. Rejects with docker's last word when none is. */
export async function makeNetwork(run: Named): Promise<string> {
  let last = '';
  for (let third = 0; third < 64; third++) {
    const net = `10.89.${third}`;
    const done = await here.run(['docker', 'network', 'create', '--subnet', `${net}.0/24`, '--ip-range', `${net}.128/25`, '--gateway', `${net}.1`,
      '--label', `${labels.run}=${run.id}`, '--label', `${labels.harness}=${process.pid}`, '--label', `${labels.kept}=${run.keep === true}`, networkOf(run)], { timeoutMs: 30_000 });
    if (done.code === 0) return net;
    last = done.stderr.trim();
    if (!/overlap|conflict/i.test(last)) break;
  }
  throw new Error(`no container network could be made: ${last}`);
}

/** First three bytes of a network that is there; null where it is not. */
export async function netOf(name: string): Promise<string | null> {
  const done = await here.run(['docker', 'network', 'inspect', '-f', '{{(index .IPAM.Config 0).Subnet}}', name], { timeoutMs: 30_000 });
  return done.code === 0 ? done.stdout.split('.').slice(0, 3).join('.') : null;
}

/** The address of a container in a network. */
export async function addressIn(network: string, container: string): Promise<string> {
  const address = await docker(['inspect', '-f', `{{with index .NetworkSettings.Networks "${network}"}}{{.IPAddress}}{{end}}`, container]);
  if (!address) throw new Error(`${container} has no address in ${network}`);
  return address;
}

/** Containers and networks that carry a run's label. */
export async function findLabelled(what: 'container' | 'network'): Promise<Owned[]> {
  const list = what === 'container' ? ['ps', '-a', '--format', `{{.Names}}\t{{.Label "${labels.run}"}}\t{{.Label "${labels.harness}"}}\t{{.Label "${labels.kept}"}}`] : ['network', 'ls', '--format', `{{.Name}}\t{{.Label "${labels.run}"}}\t{{.Label "${labels.harness}"}}\t{{.Label "${labels.kept}"}}`];
  const done = await here.run(['docker', ...list, '--filter', `label=${labels.run}`], { timeoutMs: 30_000 });
  if (done.code !== 0) return [];
  return done.stdout.split('\n').filter((line) => line !== '').map((line) => {
    const [name = '', run = '', harness = '', kept = ''] = line.split('\t');
    return { name, run, harness: Number(harness), kept: kept === 'true' };
  });
}
