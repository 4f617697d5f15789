import type { Settings } from '../../topology.ts';

/** A change of settings that is known to shorten a failover. `stage`: where it saves; `is` and `would`: the setting in the words of those who run it. */
export interface Change {
  readonly name: string;
  readonly stage: string;
  readonly variable: string;
  readonly is: string;
  readonly would: string;
  readonly price: string;
  /** The settings with this one changed. */
  apply(settings: Settings): Settings;
}

/** In ms, and each with who recommends it. */
const wanted = {
  /** orchestrator's documentation: slave_net_timeout=4, or some failures take "up to a minute" to detect. */
  netTimeout: 4_000, heartbeat: 1_000,
  /** orchestrator runs its detection every second; MOCO calls an instance failed after three tries. */
  observe: 1_000, misses: 3,
  /** Route 53's fast interval, the shortest it offers, and its default threshold. */
  interval: 10_000, threshold: 3,
  /** Aurora's cluster endpoint has 5 s; CoreDNS keeps no answer for less. */
  ttl: 5_000,
  /** More than a healthy statement takes, less than people wait; never less than a commit may wait for its ack. */
  queryTimeout: 2_000,
} as const;

/** Every change that these settings leave room for; whether a run gives reason to make it is for the sums to say. */
export function changesFor(settings: Settings): Change[] {
  return [...inDatabase(settings), ...inPilot(settings), ...inDns(settings), ...inApp(settings)];
}

/** A length as people write it in a configuration: `4 s`, `0.25 s`. */
export function plainly(ms: number): string {
  return `${Math.round(ms) / 1_000} s`;
}

function inDatabase(settings: Settings): Change[] {
  const { database } = settings;
  if (database.netTimeout <= wanted.netTimeout) return [];
  const heartbeat = Math.min(database.heartbeat, wanted.heartbeat);
  return [{
    name: 'database.netTimeout', stage: 'stage.detect.db', variable: database.engine === 'mysql' ? 'replica_net_timeout' : 'slave_net_timeout',
    is: plainly(database.netTimeout), would: `${plainly(wanted.netTimeout)}${heartbeat < database.heartbeat ? ` and a heartbeat every ${plainly(heartbeat)}` : ''}`,
    price: `a replication link that stalls for more than ${plainly(wanted.netTimeout)} is torn down and made again`,
    apply: (so) => ({ ...so, database: { ...so.database, netTimeout: wanted.netTimeout, heartbeat } }),
  }];
}

function inPilot(settings: Settings): Change[] {
  const { failover } = settings;
  const [observe, misses] = [Math.min(failover.observe, wanted.observe), Math.min(failover.misses, wanted.misses)];
  if (observe === failover.observe && misses === failover.misses) return [];
  return [{
    name: 'failover.observe', stage: 'stage.detect.db', variable: 'the pilot\'s patience', is: `${failover.misses} misses ${plainly(failover.observe)} apart`, would: `${misses} misses ${plainly(observe)} apart`,
    price: `a primary that answers nobody for ${plainly(observe * misses)}, and whose replica hears nothing, is taken for dead`,
    apply: (so) => ({ ...so, failover: { ...so.failover, observe, misses } }),
  }];
}

function inDns(settings: Settings): Change[] {
  const { dns } = settings;
  const [interval, threshold] = [Math.min(dns.interval, wanted.interval), Math.min(dns.threshold, wanted.threshold)];
  const found: Change[] = [];
  if (interval < dns.interval || threshold < dns.threshold) {
    const more = Math.round((dns.interval / interval) * 10) / 10;
    found.push({
      name: 'dns.interval', stage: 'stage.detect.dns', variable: 'what turns a health check', is: `${dns.threshold} bad looks ${plainly(dns.interval)} apart`, would: `${threshold} bad looks ${plainly(interval)} apart`,
      price: more > 1 ? `${more} times as many checks on every endpoint` : `an endpoint that fails ${threshold} checks in a row is left, however soon it is back`,
      apply: (so) => ({ ...so, dns: { ...so.dns, interval, threshold } }),
    });
  }
  if (dns.ttl > wanted.ttl) {
    found.push({
      name: 'dns.ttl', stage: 'stage.resolve', variable: 'the TTL of the service\'s name', is: plainly(dns.ttl), would: plainly(wanted.ttl),
      price: `resolvers ask up to ${Math.round(dns.ttl / wanted.ttl)} times as often`, apply: (so) => ({ ...so, dns: { ...so.dns, ttl: wanted.ttl } }),
    });
  }
  return found;
}

function inApp(settings: Settings): Change[] {
  const { app, database } = settings;
  const found: Change[] = [];
  // A commit that waits for its ack must not be given up before semi-sync goes on without one.
  const ackMs = database.replication === 'semi-sync' && database.degrade !== 'never' ? database.degrade + 1_000 : 0;
  const queryTimeout = Math.max(wanted.queryTimeout, ackMs);
  if (app.queryTimeout > queryTimeout) {
    found.push({
      name: 'app.queryTimeout', stage: 'stage.adopt', variable: 'the time an app waits for its database', is: plainly(app.queryTimeout), would: plainly(queryTimeout),
      price: `a statement that takes longer than ${plainly(queryTimeout)} is given up; whether its write is there, nobody knows then`,
      apply: (so) => ({ ...so, app: { ...so.app, queryTimeout } }),
    });
  }
  if (app.health === 'deep') {
    found.push({
      name: 'app.health', stage: 'stage.publish.dns', variable: 'the app\'s health check', is: 'deep', would: 'a shallow one',
      price: 'an app that has lost its database for good still looks well', apply: (so) => ({ ...so, app: { ...so.app, health: 'shallow' } }),
    });
  }
  return found;
}
