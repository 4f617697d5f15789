import type { Finding, Verdict } from '../../check.ts';
import { timeZero, type History } from '../../history.ts';
import { leadingFault } from '../../judge/looks.ts';
import { standbyOf } from '../../topology.ts';
import type { Advice } from '../advice.ts';
import { lossDetails } from '../details.ts';
import { plainly } from './changes.ts';

/** What would have kept the acknowledged writes that this run lost. */
export function safer(history: History, verdict: Verdict): Advice[] {
  const finding = verdict.findings.find(({ kind }) => kind === 'data-loss');
  const lost = valueOf(finding, 'loss.lost');
  if (!finding || !lost) return [];
  const { replication, degrade } = history.run.topology.settings.database;
  if (replication === 'semi-sync' && degrade === 'never') return [];
  const standby = standbyOf(history.run.topology).name;
  const because = replication === 'async' ? `replication is asynchronous, so the primary acknowledged what ${standby} did not have` : sayDegraded(history, finding, Number(degrade));
  if (because === null) return [];
  return [{
    name: replication === 'async' ? 'database.replication' : 'database.degrade',
    change: replication === 'async' ? 'semi-sync replication that never degrades instead of asynchronous replication' : `semi-sync that never degrades instead of one that goes on alone after ${plainly(Number(degrade))}`,
    because: `${sayLost(finding, lost)}: ${because}. Semi-sync that never degrades acknowledges nothing that ${standby} has not received: of these ${lost.toLocaleString('en-US')}, none.`,
    price: `every commit waits for a round trip to ${standby}, and while ${standby} is away all writes stop`,
    sum: { measure: 'loss.lost', unit: 'writes', now: lost, low: 0, high: 0 },
  }];
}

function sayLost(finding: Finding, lost: number): string {
  const [acked, after, span] = ['loss.acked', 'loss.afterCut', 'loss.afterCut.span'].map((name) => valueOf(finding, name));
  const sides = after == null ? '' : `, ${(lost - after).toLocaleString('en-US')} of them acknowledged before the cut and ${after.toLocaleString('en-US')} by the cut-off side after it${after > 0 && span != null ? `, over ${span.toFixed(1)} s` : ''}`;
  return `${lost.toLocaleString('en-US')} of ${(acked ?? 0).toLocaleString('en-US')} acknowledged writes were lost${sides}`;
}

/** Only what was acknowledged once semi-sync had had its patience was lost by degrading: the first of these, and how many are known. */
function sayDegraded(history: History, finding: Finding, degradeMs: number): string | null {
  const fault = leadingFault(history);
  const zero = fault && timeZero(history, fault.name);
  const { writes, degraded } = lossDetails(finding);
  const alone = valueOf(finding, 'loss.degraded.lost');
  const spell = Array.isArray(degraded) ? degraded[0] : undefined;
  if (alone && spell) return `semi-sync goes on without its replica after ${plainly(degradeMs)}, and the server in ${spell.region} was seen to do so${spell.to === null ? '' : ` for ${((spell.to - spell.from) / 1_000).toFixed(1)} s`}: it acknowledged ${(valueOf(finding, 'loss.degraded') ?? 0).toLocaleString('en-US')} writes alone, ${alone.toLocaleString('en-US')} of which are among the lost`;
  const late = (writes ?? []).filter(({ ackedAt }) => zero && ackedAt >= zero.low + degradeMs);
  const first = late.reduce((least, { ackedAt }) => Math.min(least, ackedAt), Number.POSITIVE_INFINITY);
  if (!zero || late.length === 0) return null;
  return `semi-sync goes on without its replica after ${plainly(degradeMs)}, and the first of these acks that came so late came ${((first - zero.low) / 1_000).toFixed(1)} s after the cut`;
}

function valueOf(finding: Finding | undefined, name: string): number | null | undefined {
  return finding?.measures.find((measure) => measure.name === name)?.value;
}
