import type { Manner, Target } from '../../seen.ts';
import type { Request, Response, Site } from './app.ts';
import { ask, close, connect } from './connection.ts';
import { question } from './dns.ts';
import type { Spot } from './net.ts';
import type { Connection } from './program.ts';
import type { System } from './system.ts';

/** What became of a request. `sent` false: nothing of it can have reached anybody. */
export type Fetched = { readonly ok: true; readonly response: Response; readonly connection: 'new' | 'reused'; readonly address: string } | { readonly ok: false; readonly sent: boolean; readonly why: string };

/** A client of one place: it finds, connects and asks, and keeps connections for those who want them reused. */
export interface Client { fetch(target: Target, request: Request, manner: Manner, done: (fetched: Fetched) => void): Attempt }

/** A request under way: whether its bytes may have left, and how to give it up. */
export interface Attempt { sent: boolean; over: boolean; connection: Connection | null; giveUp(): void }

interface Kept { readonly connection: Connection; readonly site: Site }

/** A client that stands at `from`. */
export function makeClient(system: System, from: Spot): Client {
  const { net } = system;
  const idle = new Map<string, Kept[]>();
  const remembered = new Map<string, { readonly site: Site; readonly until: number }>();
  const open = (target: Target, manner: Manner, attempt: Attempt, done: (kept: Kept | string) => void) => {
    const key = manner.cache === undefined ? null : JSON.stringify([target, manner.resolver, manner.cache]);
    const meet = (site: Site) => {
      connect(net, from, site.program, () => !attempt.over, (connection) => {
        if (!connection) { done('connection refused'); return; }
        if (attempt.over) { close(connection); return; }
        done({ connection, site });
      });
    };
    const known = key === null ? undefined : remembered.get(key);
    if (known && net.clock.now() < known.until) { meet(known.site); return; }
    find(system, from, target, manner, attempt, (site) => {
      if (typeof site === 'string') { done(site); return; }
      if (key !== null && manner.cache !== undefined) remembered.set(key, { site, until: manner.cache === 'forever' ? Number.POSITIVE_INFINITY : net.clock.now() + manner.cache });
      meet(site);
    });
  };
  return {
    fetch(target, request, manner, done) {
      const key = manner.connections === 'reused' ? `${typeof target === 'string' ? target : `${target.place}/${target.part}`} ${manner.resolver} ${manner.cache ?? ''}` : null;
      const attempt: Attempt = { sent: false, over: false, connection: null, giveUp: () => { attempt.over = true; if (attempt.connection) close(attempt.connection); } };
      const finish = (fetched: Fetched) => { if (attempt.over) return; attempt.over = true; attempt.connection = null; done(fetched); };
      const use = (kept: Kept) => {
        const { connection, site } = kept;
        const how = connection.served > 0 ? 'reused' : 'new';
        attempt.connection = connection;
        attempt.sent = true;
        connection.onLost = (why) => finish({ ok: false, sent: true, why });
        ask(net, connection, (reply: (response: Response) => void) => site.handle(request, reply), (response) => {
          if (key === null || attempt.over) close(connection); else keep(idle, key, kept);
          finish({ ok: true, response, connection: how, address: site.program.address });
        });
      };
      const kept = key === null ? undefined : idle.get(key)?.pop();
      if (kept) use(kept); else open(target, manner, attempt, (found) => { if (typeof found === 'string') finish({ ok: false, sent: false, why: found }); else use(found); });
      return attempt;
    },
  };
}

function keep(idle: Map<string, Kept[]>, key: string, kept: Kept): void {
  const all = idle.get(key) ?? [];
  if (all.length === 0) idle.set(key, all);
  kept.connection.onLost = () => { const at = all.indexOf(kept); if (at >= 0) all.splice(at, 1); };
  all.push(kept);
}

// A name is asked for anew for every connection; whoever names a part needs no name.
function find(system: System, from: Spot, target: Target, manner: Manner, attempt: Attempt, done: (site: Site | string) => void): void {
  if (target === 'control') { done(system.control); return; }
  if (target !== 'service') {
    const site = [...system.apps.values()].find(({ program }) => program.place === target.place && program.part === target.part);
    done(site ?? `${target.place}/${target.part} answers no HTTP`);
    return;
  }
  const { service } = system.topology.names;
  const server = system.nameServer(manner.resolver, from.place);
  if (!server) { done(`there is no resolver "${manner.resolver}"`); return; }
  question(system.net, from, server, service, (said) => {
    if (attempt.over) return;
    const address = said.addresses[0];
    const site = [...system.apps.values()].find(({ program }) => program.address === address);
    done(site ?? `${service}: ${said.rcode}, no address`);
  }, () => { if (!attempt.over) done('the resolver refused the question'); });
}
