import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { calibrate } from './commands/calibrate.ts';
import { doctor } from './commands/doctor.ts';
import { invoke, type Invocation } from './commands/invocation.ts';
import { judge } from './commands/judge.ts';
import { list } from './commands/list.ts';
import { plan } from './commands/plan.ts';
import { report } from './commands/report.ts';
import { run } from './commands/run.ts';
import { sweep } from './commands/sweep.ts';
import { DrillError, exits, sayProblem } from './errors.ts';
import { suggest } from './nearest.ts';

const commands: Readonly<Record<string, (call: Invocation) => Promise<number>>> = { run, plan, judge, report, sweep, doctor, list, calibrate };

const usage = `regionfall: what happens when a whole region goes

  regionfall run <scenario>     run a drill and write its report
  regionfall plan <scenario>    everything that would be done; starts nothing
  regionfall judge <run>        judge a stored run again, by the checks as they are now
  regionfall report <run>       render a stored run's report again
  regionfall sweep [run]        end what a killed harness left behind
  regionfall doctor             what is missing here, and the command that mends it
  regionfall list               scenarios, faults, probes, checks, worlds
  regionfall calibrate          plant known truths and print how far off the instruments were

  --on kind|embedded|sim   the world to run on (default: kind where a container engine answers, else embedded)
  --out DIR                where reports go (default: reports)
  --yes                    install the Debian packages that are missing (also when CI=true)
  --keep                   leave clusters up for the next run with --keep; \`regionfall sweep kept\` ends them
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
    return await command(invoke(words, { on: values.on, out: values.out ?? 'reports', keep: values.keep ?? false, yes: values.yes ?? process.env['CI'] === 'true' }, listenForInterrupts()));
  } catch (error) {
    return sayTrouble(error);
  }
}

function readArguments(argv: readonly string[]) {
  try {
    return parseArgs({ args: [...argv], allowPositionals: true, options: { on: { type: 'string' }, out: { type: 'string' }, images: { type: 'string' }, keep: { type: 'boolean' }, yes: { type: 'boolean', short: 'y' }, help: { type: 'boolean', short: 'h' } } });
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

process.exitCode = await main(process.argv.slice(2));
