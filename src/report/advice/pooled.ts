import type { Finding, Verdict } from '../../check.ts';
import { marks, markOf, samplesOf, timeZero, type History, type Sample } from '../../history.ts';
import { quantile } from '../../judge/bounds.ts';
import { leadingFault, measuredSpan } from '../../judge/looks.ts';
import type { Advice } from '../advice.ts';
import { connectionsDetails } from '../details.ts';
import { plainly } from './changes.ts';

/** What would have helped clients that keep their database connections: pools that cannot outnumber the server, and that look for it again. */
export function pooled(history: History, verdict: Verdict): Advice[] {
  return [...tooMany(history, verdict.findings.find(({ kind }) => kind === 'connections')), ...pinned(history)];
}

/** Twice what is needed on average, so that it is seldom all in use. */
const headroom = 2;
/** What a server must take beside the apps: its replica, the pilot's looks, and a person who wants to see what is going on. */
const others = 5;

/** More connections were asked for than a server takes: the pools may open more than it has places, and work needs fewer. */
function tooMany(history: History, finding: Finding | undefined): Advice[] {
  const { peaks } = connectionsDetails(finding);
  const worst = peaks?.filter(({ refused }) => refused > 0).sort((a, b) => b.refused - a.refused)[0];
  if (!worst) return [];
  const { settings: { app: { pool }, database: { maxConnections } }, regions } = history.run.topology;
  const may = regions.length * pool;
  const needed = needs(history);
  const enough = needed === null ? null : Math.max(1, Math.ceil(headroom * needed.connections));
  const fits = Math.max(1, Math.floor((maxConnections - others) / regions.length));
  const size = Math.min(enough ?? fits, fits);
  const because = `${worst.refused.toLocaleString('en-US')} connections were refused in ${worst.region}${worst.broken ? `, where ${Math.round(worst.broken.value)} a second were asked for at the peak` : ''}: ${regions.length} apps may open ${pool} each, ${may} in all, and a server takes ${maxConnections}.`;
  const work = needed === null ? '' : ` Before the break ${needed.perSecond.toFixed(0)} requests a second took ${plainly(needed.tookMs)} each on average, which keeps ${needed.connections.toFixed(1)} connections busy (rate times time).`;
  const change = may > maxConnections - others && size < pool
    ? `${size} connections for each app instead of ${pool}` + (size === fits && enough !== null && enough > fits ? `, or a server that takes ${regions.length * enough + others}` : '')
    : `a server that takes ${may + others} connections instead of ${maxConnections}`;
  return [{
    name: 'app.pool', change, because: `${because}${work} With ${size} each, ${regions.length * size} can be asked for at once, and ${maxConnections} are there.`,
    price: 'whoever comes above the pool waits in line for a free connection instead of opening another', sum: null,
  }];
}

/** What the watched clients of the apps ask for, by Little's law: connections busy on average = requests a second x seconds each. Null where nothing was answered before the break. */
function needs(history: History): { readonly perSecond: number; readonly tookMs: number; readonly connections: number } | null {
  const zero = zeroOf(history);
  const { from } = measuredSpan(history);
  const through = history.run.probes.filter(({ kind, params }) => (kind === 'http' || kind === 'ledger' || kind === 'reads') && params['target'] !== 'control');
  const each = through.flatMap(({ name, says, everyMs }) => {
    const took = (samplesOf(history, says, name) as Sample[]).filter(({ ok, started, ended }) => ok && started >= from && ended <= (zero?.low ?? 0)).map(({ started, ended }) => ended - started).sort((a, b) => a - b);
    const middle = quantile(took, 0.5);
    return middle === undefined ? [] : [{ perSecond: 1_000 / everyMs, busy: middle / everyMs }];
  });
  if (each.length === 0) return null;
  const [perSecond, connections] = [each.reduce((sum, one) => sum + one.perSecond, 0), each.reduce((sum, one) => sum + one.busy, 0)];
  return { perSecond, tookMs: (connections / perSecond) * 1_000, connections };
}

/** The database moved, and the app, which had asked for its address when it started, stayed where it was. */
function pinned(history: History): Advice[] {
  const { settings: { app, dns }, names } = history.run.topology;
  const zero = zeroOf(history);
  if (app.pinning !== 'address' || !zero) return [];
  const moved = markOf(history, marks.promoted, { since: zero.low });
  if (!moved) return [];
  const knownMs = moved.at + dns.publishDelay + dns.databaseTtl + app.queryTimeout;
  const back = markOf(history, marks.switchedOver, { since: moved.at })?.at ?? measuredSpan(history).to;
  const writes = samplesOf(history, 'write').filter(({ started, probe }) => started > knownMs && started < back && history.run.probes.some(({ name, kind }) => name === probe && kind === 'ledger'));
  const failed = writes.filter(({ data }) => data?.outcome !== 'acked').length;
  if (writes.length === 0 || failed === 0) return [];
  return [{
    name: 'app.pinning', change: `an app that asks for ${names.database} whenever it connects, instead of once when it starts`,
    because: `${moved.subject} was the primary ${((moved.at - zero.low) / 1_000).toFixed(1)} s after the break began, and whoever asked for ${names.database} was told so within ${plainly(dns.publishDelay + dns.databaseTtl)}. The app had asked when it started: of ${writes.length.toLocaleString('en-US')} writes from ${((knownMs - zero.low) / 1_000).toFixed(1)} s on, when an app that asks again would have been there (the name's delay and TTL, and ${plainly(app.queryTimeout)} for the statements that hung), ${failed.toLocaleString('en-US')} failed${back < measuredSpan(history).to ? ', until the database was handed back' : ', to the end of the run'}.`,
    price: 'a question to a resolver for each new connection', sum: null,
  }];
}

function zeroOf(history: History): { readonly low: number; readonly high: number } | null {
  const fault = leadingFault(history);
  return fault ? timeZero(history, fault.name) : null;
}
