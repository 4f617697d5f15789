import type { Verdict } from '../../check.ts';
import { marks, markOf, phaseSpan, type History } from '../../history.ts';
import { leadingFault } from '../../judge/looks.ts';
import { primaryOf, standbyOf } from '../../topology.ts';
import type { Advice } from '../advice.ts';
import { failoverDetails, namesDetails, wayBackDetails } from '../details.ts';
import { plainly } from './changes.ts';

/** What would have kept users where they should be: writes going on without a standby, nobody sent back too early, nobody held by a resolver. */
export function steadier(history: History, verdict: Verdict): Advice[] {
  return [...alone(history, verdict), ...early(history, verdict), ...stretched(history, verdict)];
}

/** MySQL's and MariaDB's own default of how long a commit waits for its ack (rpl_semi_sync_*_timeout). */
const degradeMs = 10_000;

/** Semi-sync that never degrades, and the primary was well while writes stood. */
function alone(history: History, verdict: Verdict): Advice[] {
  const { settings } = history.run.topology;
  const primary = primaryOf(history.run.topology).name;
  const { probes } = failoverDetails(verdict.findings.find(({ kind }) => kind === 'failover-time'));
  if (!losesReplica(history) || settings.database.replication !== 'semi-sync' || settings.database.degrade !== 'never') return [];
  const stood = (probes ?? []).filter(({ says, client, bad }) => says === 'write' && client && bad > 0).toSorted((a, b) => b.longest.value - a.longest.value)[0];
  const everyMs = history.run.probes.find(({ name }) => name === stood?.probe)?.everyMs ?? 0;
  const most = (degradeMs + everyMs) / 1_000;
  if (!stood || stood.longest.value <= most + 1) return [];
  return [{
    name: 'database.degrade', change: `semi-sync that goes on alone after ${plainly(degradeMs)} instead of never, or a second replica in a third place, one answer being enough`,
    because: `${stood.probe} stood for ${stood.longest.censored ? 'more than ' : ''}${stood.longest.value.toFixed(1)} s although ${primary} was not touched: its commits waited for ${standbyOf(history.run.topology).name}, for ever. If they go on alone after ${plainly(degradeMs)}, writes stand for ${most.toFixed(1)} s at most; with a second replica they do not stand at all.`,
    price: `what is acknowledged after those ${plainly(degradeMs)} is in one region only, and lost with it; a second replica costs a server`,
    sum: { measure: 'failover.outage.longest', unit: 's', now: stood.longest.value, low: 0, high: most },
  }];
}

/** The fault takes the replica away and leaves the primary alone: nothing else makes commits wait. */
function losesReplica(history: History): boolean {
  const fault = leadingFault(history);
  const part = fault?.params['part'];
  return fault?.kind === 'replication-cut' || (fault?.place === standbyOf(history.run.topology).name && (part === undefined || part === 'database'));
}

/** Users were sent back to a region whose database had not rejoined. */
function early(history: History, verdict: Verdict): Advice[] {
  const finding = verdict.findings.find(({ kind }) => kind === 'fail-back');
  const soon = finding?.measures.find(({ name }) => name === 'failback.early')?.value;
  const first = wayBackDetails(finding).early;
  const heal = phaseSpan(history, 'heal');
  if (soon == null || !first || !heal || history.run.topology.settings.failover.failback !== 'automatic') return [];
  const rejoined = markOf(history, marks.rejoined, { since: heal.from })?.at;
  const until = rejoined === undefined ? 'and to the end of the run its database had not rejoined' : `${((rejoined - first.at) / 1_000).toFixed(1)} s before its database had rejoined`;
  return [{
    name: 'failover.failback', change: 'a latched fail-back instead of an automatic one',
    because: `Fail-back is automatic: ${first.region} served a request ${soon.toFixed(1)} s after the heal, ${until}. With a latch users stay where the database is until somebody fails back: no such request.`,
    price: 'somebody must decide to fail back; until then users stay in the other region',
    sum: null,
  }];
}

/** A resolver that nobody planted, and that held the old answer for longer than its TTL: no setting of the name reaches it. */
function stretched(history: History, verdict: Verdict): Advice[] {
  const { resolvers, ttl } = namesDetails(verdict.findings.find(({ kind }) => kind === 'dns-convergence'));
  const suspects = (resolvers ?? []).filter(({ planted, signs, convergence }) => !planted && convergence && signs.includes('held beyond the TTL'));
  return suspects.flatMap(({ name, convergence, server }): Advice[] => {
    const held = convergence?.value ?? 0;
    if (ttl === undefined) return [];
    const least = history.run.topology.resolvers.find((one) => one.name === server)?.minTtlMs;
    return [{
      name: `resolver ${name}`, change: `no minimum TTL and no stale answers at ${name}, or another resolver for those who ask it`,
      because: `${name} gave the old address for ${convergence?.censored ? 'more than ' : ''}${held.toFixed(1)} s after the authorities had changed, with a TTL of ${ttl.toFixed(1)} s${least === undefined ? '' : ` (its own minimum is ${plainly(least)})`}: ${(held - ttl).toFixed(1)} s longer than it may. A shorter TTL does not reach it; one that keeps to the TTL lets go within ${ttl.toFixed(1)} s. One run makes a suspect, not a violator.`,
      price: 'more questions to the authorities', sum: { measure: 'dns.convergence.max', unit: 's', now: held, low: 0, high: ttl },
    }];
  });
}
