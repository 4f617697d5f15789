import { primaryOf, type Topology } from '../../topology.ts';
import { inContainer } from './docker.ts';
import { clusterIn, type Ground } from './ground.ts';
import { ports } from './layout.ts';
import { edgeName, type Named } from './names.ts';

const script = `const end = Date.now() + 60000; let row = 0;
while (Date.now() < end && row < 30) {
  const t = performance.now();
  const ok = await fetch(process.argv[1], { signal: AbortSignal.timeout(2000) }).then((r) => r.text().then(() => r.ok), () => false);
  row = ok && performance.now() - t < 100 ? row + 1 : 0;
  await new Promise((r) => setTimeout(r, 100));
}
process.exit(row < 30 ? 1 : 0)`;

/** Waits until users are answered within 100 ms for three seconds on end: clusters that have just come up are busy with themselves for a while. False when a minute was not enough. */
export async function isCalm(run: Named, ground: Ground, topology: Topology, signal: AbortSignal): Promise<boolean> {
  const front = `http://${clusterIn(ground, primaryOf(topology).name).address}:${ports.front}/orders`;
  const done = await inContainer(edgeName(run, 'agent')).run(['node', '--input-type=module', '-e', script, front], { signal, timeoutMs: 90_000 });
  signal.throwIfAborted();
  return done.code === 0;
}
