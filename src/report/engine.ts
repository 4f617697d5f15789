import { markOf, marks, type History } from '../history.ts';
import { standbyOf, type Settings } from '../topology.ts';

const names = { mariadb: 'MariaDB', mysql: 'MySQL' } as const;

/** What a run on one database engine cannot show of the other, a sentence each where this run touched on it: docs/databases.md has the whole list, measured. */
export function ofEngine(history: History): string[] {
  const { run } = history;
  const { database } = run.topology.settings as Settings;
  const engine = database.engine;
  const other = names[engine === 'mysql' ? 'mariadb' : 'mysql'];
  if (run.world === 'sim') return engine === 'mysql' ? ['MySQL: the model knows no engines, and behaves as MariaDB does where the two differ.'] : [];
  const version = run.fingerprint.versions[engine];
  return [
    `The other engine: this was ${names[engine]}${version === undefined ? '' : ` ${version}`}. The same drill on ${other}: ${run.world === 'kind' ? '--on embedded ' : ''}--set database.engine=${engine === 'mysql' ? 'mariadb' : 'mysql'}.`,
    ...ofStop(history, engine), ...ofRebuild(history, engine), ...ofPositions(history, engine), ...ofRestart(history, engine),
  ];
}

// Where a person, a lease or a fence is waited for first, the gap is theirs.
function ofStop(history: History, engine: keyof typeof names): string[] {
  const { database, failover } = history.run.topology.settings;
  const dead = markOf(history, marks.declaredDead);
  const stopped = dead && markOf(history, marks.stopped, { since: dead.at });
  if (!stopped || failover.decide !== 'automatic' || failover.fence !== 'attempt') return [];
  const acks = database.replication === 'semi-sync';
  if (engine === 'mariadb' && !acks) return ['What it costs MySQL to stop the replica of a source that says nothing: 2 s, once its receiver is connecting anew. MariaDB stops at once where it gives no acknowledgements.'];
  const why = engine === 'mysql' ? `MySQL waits 2 s for a receiver that is connecting anew; MariaDB would have waited ${acks ? '1 s to end its thread at the source' : 'for nothing'}`
    : 'MariaDB, where it gives acknowledgements, waits 1 s to end its thread at the source; MySQL would have waited 2 s, once its receiver was connecting anew';
  return [`What stopping the replica costs on ${names[engine === 'mysql' ? 'mariadb' : 'mysql']}: here it was stopped ${((stopped.at - dead.at) / 1_000).toFixed(1)} s after the verdict. Where the source says nothing, ${why}.`];
}

function ofRebuild(history: History, engine: keyof typeof names): string[] {
  const rebuilt = markOf(history, marks.rebuilt);
  if (!rebuilt) return [];
  const saved = markOf(history, marks.errantSaved);
  const took = saved ? ` in ${((rebuilt.at - saved.at) / 1_000).toFixed(1)} s` : '';
  return [`How long a rebuild takes: the old primary was rebuilt${took} ${engine === 'mysql' ? 'by MySQL\'s CLONE, which copies the files of the other server over many ways there and back, and starts this one again; MariaDB has no such statement and is given a dump'
    : 'from a dump of the other server; MySQL would have cloned its files, over many ways there and back, and started again'}. Either time grows with the data, and here that was a few MB.`];
}

// Where nothing was lost or promoted, nobody has a position to compare.
function ofPositions(history: History, engine: keyof typeof names): string[] {
  if (engine === 'mysql' || !markOf(history, marks.promoted)) return [];
  return ['Holes in what a server has: MariaDB tells the highest transaction of each origin and nothing of those below it, where MySQL tells a set. One that is missing in the middle shows in the rows that were compared, not in the positions.'];
}

function ofRestart({ run }: History, engine: keyof typeof names): string[] {
  const standby = standbyOf(run.topology).name;
  const restarted = run.faults.some(({ params, place }) => place === standby && params['how'] === 'crash');
  if (engine === 'mysql' || run.topology.settings.database.replication !== 'semi-sync' || restarted) return [];
  return ['A replica that restarts: MariaDB\'s throws away what it had received and not applied, acknowledged or not, and asks for it again; MySQL\'s keeps it. No replica was restarted here, so a primary that is lost just then is not covered.'];
}
