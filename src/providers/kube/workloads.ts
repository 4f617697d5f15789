import { createHash } from 'node:crypto';
import type { Place, Topology } from '../../topology.ts';
import { accounts } from './accounts.ts';
import { isRolledOut, type Context } from './contexts.ts';
import type { Images } from './images.ts';
import { regionOf, type Layout } from './layout.ts';
import { appConfig } from './system.ts';
import { objectsIn } from './template.ts';

/** What the workloads of a region are made from. `image`: of app and agents. */
export interface Material { readonly topology: Topology; readonly layout: Layout; readonly images: Images; readonly image: string }

const readyWithinMs = 180_000;

/** Puts policies, gateway, database, app and agent into a region, and waits until all of it runs. */
export async function applySystem(material: Material, region: Place, context: Context, signal: AbortSignal): Promise<void> {
  await context.apply(await objectsOf(material, region));
  const waits = [['StatefulSet', 'mysql', 'shop'], ['Deployment', 'app', 'shop'], ['Deployment', 'agent', 'shop'], ['Deployment', 'gateway', 'istio-system'], ['Deployment', 'coredns', 'kube-system']] as const;
  await Promise.all(waits.map(([kind, name, namespace]) => context.await({ apiVersion: 'apps/v1', kind, metadata: { name, namespace } }, `${kind} ${name} running`, isRolledOut, readyWithinMs, signal)));
}

async function objectsOf({ topology, layout, images, image }: Material, region: Place) {
  const own = regionOf(layout, region);
  const config = JSON.stringify(appConfig(topology, own), null, 2);
  const database = {
    region, mysql: images.mysql, serverId: own.index + 1, address: own.database, rootPassword: accounts.root.password,
    adminUser: accounts.admin.user, adminPassword: accounts.admin.password, replicationUser: accounts.replication.user, replicationPassword: accounts.replication.password,
    appUser: accounts.app.user, appPassword: accounts.app.password,
  };
  const files = await Promise.all([
    objectsIn('mesh/policies.yaml', { maxEjectionPct: String(topology.settings.mesh.maxEjectionPct), baseEjection: `${topology.settings.mesh.baseEjection / 1_000}s` }),
    ...layout.regions.map(({ name, database: address }) => objectsIn('mysql/instance.yaml', { region: name, address })),
    objectsIn('mysql/mysql.yaml', database),
    objectsIn('agent/agent.yaml', { image }),
    objectsIn('app/app.yaml', { region, image, config, configHash: createHash('sha256').update(config).digest('hex').slice(0, 12) }),
    objectsIn('mesh/gateway.yaml'),
  ]);
  return files.flat();
}
