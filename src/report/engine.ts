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
    `The other engine: this was ${names[engine]}${version === undefined ? '' : ` ${version}`}. The same drill on ${other}: --set database.engine=${engine === 'mysql' ? 'mariadb' : 'mysql'}.`,
    ...ofRebuild(history, engine), ...ofPositions(history, engine), ...ofRestart(history, engine),
  ];
}

function ofRebuild(history: History, engine: keyof typeof names): string[] {
  if (!markOf(history, marks.rebuilt)) return [];
  const how = engine === 'mysql' ? 'MySQL\'s CLONE, which copies the files of the other server and starts this one again; MariaDB has no such statement and is given a dump, statement by statement'
    : 'a dump of the other server, statement by statement; MySQL would have cloned its files and started again';
  return [`How long a rebuild takes: the old primary was rebuilt by ${how}. Either time grows with the data, and here that was a few MB.`];
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
