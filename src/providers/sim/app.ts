import type { Lineage, Outcome as Fate, Ranges, Update, Write } from '../../seen.ts';
import type { Settings } from '../../topology.ts';
import type { Net } from './net.ts';
import { makePool, type Locate, type Outcome } from './pool.ts';
import type { Program } from './program.ts';

/** One HTTP request, as far as this model knows them. */
export type Request = { readonly get: string } | { readonly seen: string; readonly from: number } | { readonly post: Write } | { readonly set: Update };

/** Its answer. `fate`, `server`, `gtid`: of a write; `found`: of a setting; `numbers`: of a read. */
export interface Response {
  readonly status: number;
  readonly servedBy: string | null;
  readonly fate?: Fate;
  readonly server?: string;
  readonly gtid?: string;
  readonly found?: Lineage;
  readonly numbers?: Ranges;
}

/** Something that answers HTTP. */
export interface Site { readonly program: Program; handle(request: Request, reply: (response: Response) => void): void }

/** How long the app looks at its database before it calls itself unhealthy. */
const healthMs = 1_500;
const statusOf = { acked: 200, refused: 503, indeterminate: 504 } as const;

/** The app of a region: writes go where the database's name leads, reads too or to the region's own copy. */
export function makeApp(net: Net, program: Program, settings: Settings['app'], byName: Locate, local: Locate): Site {
  const { connectTimeout, queryTimeout } = settings;
  const patience = { connectMs: connectTimeout, lineMs: connectTimeout + queryTimeout, queryMs: queryTimeout };
  const writes = makePool(net, program, byName, settings.pool, patience);
  const reads = settings.reads === 'local' ? makePool(net, program, local, settings.pool, patience) : writes;
  const health = makeHealth(net, program, byName, settings.health);
  program.onStart = () => { writes.empty(); reads.empty(); health.empty(); };
  const servedBy = program.place;
  return {
    program,
    handle(request, reply) {
      if ('post' in request) {
        writes.run({ do: 'insert', write: request.post }, (outcome) => reply({ servedBy, ...sayWrite(outcome) }));
      } else if ('set' in request) {
        writes.run({ do: 'set', update: request.set }, (outcome) => reply({ servedBy, ...sayWrite(outcome) }));
      } else if ('seen' in request) {
        reads.run({ do: 'seen', writer: request.seen, from: request.from }, (outcome) => reply({ servedBy, ...sayRead(outcome) }));
      } else if (request.get === '/health') {
        health.ask((healthy) => reply({ servedBy, status: healthy ? 200 : 503 }));
      } else if (request.get === '/orders') {
        reads.run({ do: 'recent' }, (outcome) => reply({ servedBy, ...sayRead(outcome) }));
      } else reply({ servedBy, status: 404 });
    },
  };
}

function sayWrite(outcome: Outcome): Omit<Response, 'servedBy'> {
  if (outcome.ok) return { status: statusOf.acked, fate: 'acked', server: outcome.server, ...(outcome.gtid === undefined ? {} : { gtid: outcome.gtid }), ...(outcome.found === undefined ? {} : { found: outcome.found }) };
  // 1290 is said before anything is committed; a connection that broke after the statement was sent tells nothing.
  const fate = outcome.errno === null && outcome.sent ? 'indeterminate' : 'refused';
  return { status: statusOf[fate], fate };
}

function sayRead(outcome: Outcome): Omit<Response, 'servedBy'> {
  if (!outcome.ok) return { status: 503 };
  return { status: 200, server: outcome.server, ...(outcome.numbers === undefined ? {} : { numbers: outcome.numbers }) };
}

// Over a connection of its own, and one look shared by all who ask while it goes on, so that many checkers cost little.
function makeHealth(net: Net, program: Program, locate: Locate, kind: Settings['app']['health']) {
  const pool = makePool(net, program, locate, 1, { connectMs: healthMs, lineMs: healthMs, queryMs: healthMs });
  let askers: ((healthy: boolean) => void)[] = [];
  const tell = (healthy: boolean) => { for (const asker of askers.splice(0)) asker(healthy); };
  return {
    empty: () => { askers = []; pool.empty(); },
    ask(asker: (healthy: boolean) => void) {
      if (kind === 'shallow') { asker(true); return; }
      if (askers.push(asker) === 1) pool.run({ do: 'ping' }, (outcome) => tell(outcome.ok));
    },
  };
}

/** The control point: it answers, and nothing can be done to it. */
export function makeControl(program: Program): Site {
  return { program, handle: (_request, reply) => reply({ status: 200, servedBy: null }) };
}
