import type { Verdict } from '../check.ts';
import type { History, Run } from '../history.ts';
import { primaryOf, type Settings } from '../topology.ts';
import { ofEngine } from './engine.ts';

/** What this run cannot show, a sentence each, derived from what it was; never empty. */
export function cannotShow(history: History, verdict: Verdict): string[] {
  const { run } = history;
  return [
    ...ofEnd(history), ...ofRepeats(verdict), ...ofWorld(run), ...ofFaults(run), ...ofLooks(run), ...ofSettings(run), ...ofEngine(history),
  ];
}

function ofEnd(history: History): string[] {
  return history.status === 'completed' ? [] : [`Anything after the point where it was ${history.status}: phases that did not run have no numbers here.`];
}

function ofRepeats(verdict: Verdict): string[] {
  const lost = verdict.findings.flatMap((finding) => finding.measures).find((measure) => measure.name === 'loss.lost');
  // 1 - 0.05^(1/n), n = 1: the exact one-sided 95 % bound on a rate of which none was seen.
  const zero = lost?.value === 0 ? ' No loss in one run still allows a true rate of up to 95 %.' : '';
  return [`How much these numbers vary: this is one run (n = 1), at one random phase against the health checks, the replication heartbeat and the TTLs. It gives no percentile, and a resolver is only ever suspected.${zero}`];
}

function ofWorld(run: Run): string[] {
  if (run.world === 'sim') return ['Anything about real programs: this world is a model in virtual time, and shows what the model implies.'];
  const distance = (run.topology.settings as Partial<Settings>).network?.distance ?? 0; // runs from before there was this choice have none
  const said = [distance === 0
    ? 'Distance: the regions share one machine, so there is no real latency, loss or bandwidth limit between them, and no real load on the survivors.'
    : `Distance: every packet between the regions is held back so that it takes ${distance} ms there and back, always the same: no jitter, loss or bandwidth limit between them, and no real load on the survivors.`];
  if (run.world === 'embedded') {
    said.push('Power loss and disks: the databases keep their files in memory, and a killed process leaves what it had handed to the kernel. Writes that a real loss of power would take survive here.');
    said.push('Kubernetes and a service mesh: the parts run as plain processes, so scheduling, sidecars, ejection and the control plane play no role.');
  } else said.push('Power loss: a killed process leaves what it had handed to the kernel. Writes that a real loss of power would take survive here.');
  return said;
}

function ofFaults(run: Run): string[] {
  if (run.faults.length === 0) return ['What an outage costs: nothing was broken. This run shows the noise of the instrument.'];
  const ways = [...new Set(run.faults.map((fault) => fault.kind === 'region-outage' ? String(fault.params['how'] ?? fault.kind) : fault.kind))].join(', ');
  return [`Other ways to fail: this was ${ways}. A crash answers at once, a frozen process accepts and says nothing, a black hole is silent, a cut may be one-way; each has its own detection time.`];
}

function ofLooks(run: Run): string[] {
  const { topology, probes } = run;
  const said = ['What a managed service would do: the health checks and the authoritative servers are a modelled Route 53, with its publish delay as a setting.'];
  const strict = topology.resolvers.filter((resolver) => !resolver.planted).length;
  said.push(`The world's resolvers: ${strict} without a planted fault ${strict === 1 ? 'was' : 'were'} watched. Of 8,524 resolvers in a study, 8.74 % stretched TTLs as they liked (Bhowmick et al., PAM 2023); caches in browsers, JVMs and phones come on top.`);
  const writers = probes.filter((probe) => probe.kind === 'ledger');
  const primary = primaryOf(topology).name;
  if (writers.length === 0) said.push('Data loss: nobody wrote.');
  else {
    const rate = writers.map((probe) => `${probe.name} every ${probe.everyMs} ms`).join(', ');
    said.push(`Your write load: the ledger wrote small rows (${rate}). Loss finer than that spacing, large transactions and conflicting updates are not covered.`);
  }
  if (writers.length > 0 && !writers.some((probe) => probe.place === primary)) said.push(`Writes made inside ${primary} after the cut: nobody wrote there, so loss after the cut may be larger for a service that goes on working inside.`);
  if (!probes.some((probe) => probe.says === 'http' && probe.params['connections'] === 'reused')) said.push('Clients that keep connections: none was watched.');
  return said;
}

function ofSettings(run: Run): string[] {
  const said: string[] = [];
  if (run.topology.settings.failover.decide === 'automatic') said.push('People: the failover was decided by a program. Where somebody must be woken first, that time comes on top.');
  else said.push(`People: whoever was asked said yes after ${run.topology.settings.failover.person / 1_000} s, as the settings say. Nobody was woken, and nobody doubted.`);
  return said;
}
