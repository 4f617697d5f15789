import { commits } from './checks/commits.ts';
import { connections } from './checks/connections.ts';
import { dataLoss } from './checks/data-loss.ts';
import { dnsConvergence } from './checks/dns-convergence.ts';
import { failBack } from './checks/fail-back.ts';
import { failoverTime } from './checks/failover-time.ts';
import { lostUpdates } from './checks/lost-updates.ts';
import { steady } from './checks/steady.ts';
import { switchover } from './checks/switchover.ts';
import { switches } from './checks/switches.ts';
import { controlPlane } from './faults/control-plane.ts';
import { meshPathCut } from './faults/mesh-path-cut.ts';
import { flapping } from './faults/flapping.ts';
import { gray } from './faults/gray.ts';
import { linkCut } from './faults/link-cut.ts';
import { nameOverwritten } from './faults/name-overwritten.ts';
import { partOutage } from './faults/part-outage.ts';
import { regionOutage } from './faults/region-outage.ts';
import { replicationCut } from './faults/replication-cut.ts';
import type { Catalogue } from './plan.ts';
import { copy } from './probes/copy.ts';
import { direct } from './probes/direct.ts';
import { dns } from './probes/dns.ts';
import { http } from './probes/http.ts';
import { k6 } from './probes/k6.ts';
import { ledger } from './probes/ledger.ts';
import { reads } from './probes/reads.ts';
import { registers } from './probes/registers.ts';
import { server } from './probes/server.ts';
import { embedded } from './providers/embedded/provider.ts';
import { kind } from './providers/kube/provider.ts';
import { sim } from './providers/sim/provider.ts';
import type { Reporter } from './report.ts';
import { html } from './reporters/html.ts';
import { json } from './reporters/json.ts';
import { junit } from './reporters/junit.ts';
import { markdown } from './reporters/markdown.ts';
import type { Provider } from './world.ts';

/** Everything built in: what a scenario can name, the worlds it can run on, and how a run is told. A new kind is a file of its own and a word here. */
export const catalogue: Catalogue & { readonly providers: readonly Provider[]; readonly reporters: readonly Reporter[] } = {
  faults: [regionOutage, partOutage, linkCut, replicationCut, gray, flapping, nameOverwritten, controlPlane, meshPathCut],
  probes: [http, dns, ledger, registers, reads, direct, copy, server, k6],
  checks: [steady, failoverTime, dataLoss, lostUpdates, dnsConvergence, failBack, switches, switchover, commits, connections],
  providers: [kind, embedded, sim],
  reporters: [json, html, markdown, junit],
};
