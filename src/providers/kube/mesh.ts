import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { here, must } from '../../exec.ts';
import type { Images } from './images.ts';
import { layOver } from './images.ts';
import type { Cluster } from './kind.ts';
import type { Context } from './contexts.ts';
import { regionOf, type Layout } from './layout.ts';
import { fillIn, objectsIn, parse, readObjects } from './template.ts';
import type { Place } from '../../topology.ts';

/** A certificate authority of the run's own, and one below it for each region, so that all regions are one mesh. */
export async function makeAuthority(dir: string, regions: readonly Place[]): Promise<void> {
  await mkdir(dir, { recursive: true });
  const script = `cd "$0"; shift 0
openssl req -x509 -newkey rsa:2048 -nodes -keyout root-key.pem -out root-cert.pem -days 30 -subj /O=regionfall/CN=root -sha256
printf 'basicConstraints=critical,CA:TRUE\\nkeyUsage=critical,digitalSignature,keyCertSign\\nsubjectAltName=DNS:istiod.istio-system.svc\\n' > extensions
for r in "$@"; do
openssl req -newkey rsa:2048 -nodes -keyout $r-key.pem -out $r.csr -subj /O=regionfall/CN=$r
openssl x509 -req -in $r.csr -CA root-cert.pem -CAkey root-key.pem -CAcreateserial -days 30 -sha256 -out $r-cert.pem -extfile extensions
cat $r-cert.pem root-cert.pem > $r-chain.pem
done`;
  await must(here, ['sh', '-ec', script, dir, ...regions], { timeoutMs: 60_000 });
}

/** Installs Istio in one region under the run's authority; returns when istiod is ready. */
export async function installMesh(cluster: Cluster, context: Context, images: Images, dir: string, signal: AbortSignal): Promise<void> {
  const pem = (name: string) => readFile(join(dir, name), 'utf8');
  const [cert, key, rootCert, chain] = await Promise.all([pem(`${cluster.region}-cert.pem`), pem(`${cluster.region}-key.pem`), pem('root-cert.pem'), pem(`${cluster.region}-chain.pem`)]);
  await context.apply(await objectsIn('istio/namespaces.yaml'));
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cacerts', namespace: 'istio-system' }, stringData: { 'ca-cert.pem': cert, 'ca-key.pem': key, 'root-cert.pem': rootCert, 'cert-chain.pem': chain } };
  await context.apply([secret]);
  const operator = parse<{ spec: { values: Record<string, unknown> } }>(await fillIn('istio/operator.yaml', { region: cluster.region, hub: images.istio.hub, tag: images.istio.tag }));
  operator.spec.values = layOver(operator.spec.values, images.istio.values);
  const file = join(dir, `${cluster.region}.istio.yaml`);
  await writeFile(file, JSON.stringify(operator, null, 2)); // JSON is YAML
  await must(here, ['istioctl', '--kubeconfig', cluster.kubeconfig, '--context', cluster.context, 'install', '-y', '-f', file], { timeoutMs: 300_000, signal });
}

/** Makes the regions one mesh: each istiod reads every other region's API, and each node knows the way to the others' pods. */
export async function linkRegions(layout: Layout, clusters: readonly Cluster[], contexts: ReadonlyMap<Place, Context>, signal: AbortSignal): Promise<void> {
  const pairs = clusters.flatMap((from) => clusters.filter((to) => to !== from).map((to) => [from, to] as const));
  await Promise.all(pairs.map(async ([from, to]) => {
    await must(to.node, ['ip', 'route', 'replace', regionOf(layout, from.region).pods, 'via', from.address], { timeoutMs: 30_000, signal });
    const secret = await must(here, ['istioctl', '--kubeconfig', from.kubeconfig, '--context', from.context, 'create-remote-secret', '--name', from.region, '--server', `https://${from.address}:6443`], { timeoutMs: 60_000, signal });
    await contexts.get(to.region)?.apply(readObjects(secret));
  }));
}
