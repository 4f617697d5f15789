/** A line of the table: which files it speaks of, and what they may import. */
export interface Row { readonly says: string; of(file: string): boolean; readonly may: readonly ((name: string, file: string) => boolean)[] }

/** Words of the table: a file (`clock`), a folder with all in it (`faults/`), `anything`. Each may also import its own folder. */
const table = `
errors, clock, duration, nearest, shipped -> nothing
census, census/                           -> seen, topology, census, census/
exec                                      -> errors
topology                                  -> duration
seen                                      -> topology
history, history/                         -> seen, topology, history/
world                                     -> clock, topology, seen, history
fault                                     -> world, seen, topology
probe                                     -> seen, topology, world
ticker, ticker/                           -> clock, history, probe, seen, topology, world, ticker/
check                                     -> history
judge, judge/                             -> check, duration, history, seen, topology, judge/
report, report/                           -> check, history, seen, topology, duration, judge/, report/
statistics                                -> nothing
trend, trend/                             -> outcome, check, compare/, series/, statistics, trend/
compare, compare/                         -> reporters/say, outcome, annals, report, record, check, errors, duration, statistics, series/, scenario/, nearest, revision, compare/
revision                                  -> exec
outcome                                   -> report, check, history, topology, plan/
annals                                    -> outcome, errors
series, series/                           -> plan, history, record, report, check, errors, topology, outcome, statistics, reporters/say, series/
scenario, scenario/                       -> errors, duration, topology, nearest, shipped, scenario, scenario/
plan, plan/                               -> scenario, scenario/, fault, probe, check, world, seen, topology, errors, duration, nearest, plan, plan/
fingerprint                               -> plan, history, world
record                                    -> history, errors
drill, drill/                             -> plan, check, fault, history, seen, topology, world, record, judge/, drill/
faults/                                   -> fault, world, seen, topology, duration, faults/
probes/                                   -> probe, history, world, seen, topology, duration, probes/
checks/                                   -> check, duration, history, seen, topology, judge/, checks/
reporters/                                -> trend, compare, compare/, series/, report, report/, check, history, seen, topology, duration, reporters/
agent/                                    -> probe, ticker, ticker/, probes/, history, world, seen, topology, clock, exec, agent/
providers/sim/                            -> world, clock, exec, errors, agent/, seen, history, topology, providers/sim/
providers/unbound                         -> topology
providers/nft                             -> world
providers/pull                            -> world, clock
providers/watchdog                        -> exec
providers/embedded/                       -> census, census/, world, clock, exec, errors, agent/, seen, history, topology, providers/unbound, providers/nft, providers/pull, providers/watchdog, providers/embedded/
providers/kube/                           -> census, census/, world, clock, exec, errors, agent/, seen, history, topology, providers/unbound, providers/nft, providers/pull, providers/watchdog, providers/kube/
system/                                   -> system/
calibrate/                                -> everything but the system
catalogue                                 -> plan, report, world, faults/, probes/, checks/, reporters/, providers/
doctor                                    -> errors, exec, topology, world
commands/, cli, index                     -> anything
`;

const isIn = (word: string, file: string) => (word.endsWith('/') ? file.startsWith(word) : file === `${word}.ts`);

function readMay(words: string): Row['may'] {
  if (words === 'nothing') return [];
  if (words === 'anything') return [() => true];
  if (words === 'everything but the system') return [(name) => !name.startsWith('system/')];
  return words.split(',').map((word) => (name: string) => isIn(word.trim(), name));
}

/** The table of house.md, as the code now has it. */
export const rows: readonly Row[] = table.trim().split('\n').map((line) => {
  const [of = '', may = ''] = line.split('->').map((half) => half.trim());
  return { says: line.replaceAll(/\s+/g, ' ').trim(), of: (file) => of.split(',').some((word) => isIn(word.trim(), file)), may: readMay(may) };
});

/** Each outside package, and the files or folders through which alone it may come in, by side. */
export const doors: Readonly<Record<string, readonly string[]>> = {
  execa: ['exec.ts'],
  'damerau-levenshtein': ['nearest.ts'],
  // What stands in clusters is read apart from what people write, and without the weight of the Kubernetes client.
  yaml: ['scenario/', 'scenario.ts', 'providers/kube/template.ts'],
  zod: [''],
  'lib-r-math.js': ['statistics.ts'],
  mysql2: ['agent/desk.ts', 'agent/direct.ts', 'system/'],
  'mysql2/promise': ['agent/desk.ts', 'agent/direct.ts', 'system/'],
  '@kubernetes/client-node': ['providers/kube/'],
  'dns-packet': ['agent/', 'calibrate/', 'system/gslb/'],
};
