import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { archive } from './commands/archive.ts';
import { calibrate } from './commands/calibrate.ts';
import { compare } from './commands/compare.ts';
import { doctor } from './commands/doctor.ts';
import { invoke, type Invocation } from './commands/invocation.ts';
import { judge } from './commands/judge.ts';
import { list } from './commands/list.ts';
import { optionTable, readOptions } from './commands/options.ts';
import { plan } from './commands/plan.ts';
import { report } from './commands/report.ts';
import { run } from './commands/run.ts';
import { sweep } from './commands/sweep.ts';
import { trend } from './commands/trend.ts';
import { DrillError, exits, sayProblem } from './errors.ts';
import { suggest } from './nearest.ts';

const commands: Readonly<Record<string, (call: Invocation) => Promise<number>>> = { run, plan, judge, report, compare, trend, archive, sweep, doctor, list, calibrate };

const usage = `regionfall: what happens when a whole region goes

  regionfall run <scenario>     run a drill and write its report
  regionfall plan <scenario>    everything that would be done; starts nothing
  regionfall judge <run>        judge a stored run again, by the checks as they are now
  regionfall report <run>       render a stored run's report again
  regionfall compare <A> <B>    what changed between two runs, two series or two versions, and whether it means anything
  regionfall trend [history]    each measure over the nights, and where its level changed
  regionfall archive [reports]  compress the raw histories of old runs; verdicts and reports stay
  regionfall sweep [run]        end what a killed harness left behind
  regionfall doctor             what is missing here, and the command that mends it
  regionfall list               scenarios, faults, probes, checks, worlds
  regionfall calibrate          plant known truths and print how far off the instruments were

  --on kind|embedded|sim   the world to run on (default: kind where a container engine answers, else embedded)
  --out DIR                where reports go (default: reports)
  --yes                    install the Debian packages that are missing (also when CI=true)
  --keep                   leave clusters up for the next run with --keep; \`regionfall sweep kept\` ends them
  --set NAME=VALUE         of run and plan: a setting over the scenario's own, such as --set database.engine=mysql; as often as needed
  --repeat N               of run: a series of N runs, each break at another random phase
  --turns N                of run: no more than N runs of the series now, the rest when called again; of calibrate: parts, or drills
  --series NAME            of run: the series' name; one that was interrupted goes on; of calibrate: results are kept, and parts that are there not run again
  --seed TEXT              of run: what the random phases follow from; of calibrate: what is planted
  --label NAME             of run: what you call the version under test
  --margin PCT             of compare: by how much a measure must change to matter (default: 10)
  --allow FILE             of compare: what is known to be worse, why, and until when
  --reports DIR            of compare: where named runs are looked for (default: reports)
  --nights N               of archive: runs of the last N nights are left as they are (default: 14)
  --only PART,PART         of calibrate: these parts alone (\`regionfall list\` names them)
  --noops WORLD=N          of calibrate: N drills on a real world with nothing broken, kept and gone on with
  --table FILE             of calibrate, with --series: write all that is kept there as a page
  --lock FILE              of calibrate: hold this file's lock (flock) while anything is measured, and let go in between
  --images FILE            other images for kind than clusters/images.yaml names (also REGIONFALL_IMAGES)

exit status: 0 pass, 1 an objective missed, 2 inconclusive, 3 scenario wrong, 4 world not ready, 5 something left behind, 130 interrupted`;

/** argv in, exit status out; the only place where errors meet people. */
export async function main(argv: readonly string[]): Promise<number> {
  try {
    const { values, positionals } = readArguments(argv);
    const [name, ...words] = positionals;
    if (values.help || name === undefined) {
      process.stdout.write(`${usage}\n`);
      return values.help ? exits.pass : exits.wrong;
    }
    if (values.images !== undefined) process.env['REGIONFALL_IMAGES'] = resolve(values.images);
    const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
    if (!command) throw new DrillError('wrong', { message: `there is no command "${name}"`, hint: suggest(name, Object.keys(commands), 'commands are') });
    return await command(invoke(words, readOptions(values), listenForInterrupts()));
  } catch (error) {
    return sayTrouble(error);
  }
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: optionTable });
  } catch (cause) {
    throw new DrillError('wrong', { message: cause instanceof Error ? cause.message : String(cause), hint: '`regionfall --help` lists the options' }, { cause });
  }
}

/** The first Ctrl-C heals and reports; a second one, a second later or more, leaves at once and leaves the rest to `sweep`. */
function listenForInterrupts(): AbortSignal {
  const interrupt = new AbortController();
  let first = 0;
  const stop = () => {
    if (!interrupt.signal.aborted) {
      first = Date.now();
      process.stderr.write('\ninterrupted: healing what was broken (again to leave at once)\n');
      interrupt.abort(new DrillError('interrupted', { message: 'interrupted' }));
    } else if (Date.now() - first > 1_000) { // a terminal sends it to every process of ours, and each passes it on
      process.stderr.write('left at once; whatever is still there: regionfall sweep\n');
      process.exit(exits.interrupted);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, stop);
  return interrupt.signal;
}

function sayTrouble(error: unknown): number {
  if (!(error instanceof DrillError)) {
    process.stderr.write(`regionfall: this is a bug in regionfall\n${error instanceof Error ? error.stack : String(error)}\n`);
    return exits.bug;
  }
  for (const problem of error.problems) process.stderr.write(`${sayProblem(problem)}\n`);
  return exits[error.trouble];
}

// Whoever stops listening (`| head`) stops no drill.
process.stdout.on('error', (error: NodeJS.ErrnoException) => { if (error.code !== 'EPIPE') throw error; });
const code = await main(process.argv.slice(2));
// All that is to be healed is healed; what else is under way is not waited for.
if (code === exits.interrupted) process.exit(code);
process.exitCode = code;
