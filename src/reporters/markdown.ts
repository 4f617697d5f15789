import { counts, findingOf, toldRuling, type Report, type Reporter } from '../report.ts';
import { failoverDetails, updatesDetails } from '../report/details.ts';
import { headlinesOf } from './headlines.ts';
import { code, escapeMarkdown as text, fenced, table } from './markdown/escape.ts';
import { aboutAdvice, saySum } from './say-advice.ts';
import { measureOf, rulingWord, sayChosen, sayMeasure, seconds } from './say.ts';
import { stageWords, ways } from './stage-words.ts';

/** A comment shows no more than so many of a list: the rest stands in report.json. */
const listed = 10;

/** `report.md`: the run as a comment on a pull request: the verdict, the numbers, where the time went, what to change, and how to do it again. */
export const markdown: Reporter = {
  kind: 'markdown',
  render: (report) => [{ name: 'report.md', text: `${[verdict(report), measures(report), trouble(report), updates(report), stages(report), advice(report), limits(report), again(report)].filter((part) => part !== '').join('\n\n')}\n` }],
};

function verdict(report: Report): string {
  const { run } = report;
  const faults = run.faults.map((fault) => `${text(fault.kind)}${fault.place === null ? '' : ` of ${code(fault.place)}`}${typeof fault.params['how'] === 'string' ? ` (${text(fault.params['how'])})` : ''}`);
  const doubt = counts(report) ? '' : '\n\nThe run does not count: what made it invalid is told below.';
  return `## ${rulingWord(toldRuling(report.verdict))}: ${text(run.title)}\n\n${text(lead(report))}${doubt}\n\n${code(run.scenario)} on the ${code(run.world)} world, ${faults.length === 0 ? 'nothing broken' : faults.join(', then ')}; took ${seconds(report.endsAt)}. One run${run.status === 'completed' ? '' : `, **${run.status}**`}.`;
}

/** The verdict's own sentence; where objectives were missed or left open, only how many, for each is told by itself below. */
function lead({ run, verdict: { because, findings } }: Report): string {
  const judged = findings.filter(({ check, ruling }) => ruling !== 'measured' && run.checks.some(({ name }) => name === check));
  const count = (ruling: string) => judged.filter((finding) => finding.ruling === ruling).length;
  const [missed, open] = [count('fail'), count('inconclusive')];
  return missed + open === 0 ? because : `Of ${judged.length} objectives ${count('pass')} met, ${missed} missed${open === 0 ? '' : `, ${open} open`}.`;
}

function measures(report: Report): string {
  const rows = headlinesOf(report).map(({ words, said, limit, ruling }) => [text(words), text(said), text(limit), ruling === null ? '' : `**${rulingWord(ruling).toLowerCase()}**`]);
  return rows.length === 0 ? '' : table(['Measure', 'Value (bounds)', 'Objective', 'Ruling'], rows);
}

function trouble({ verdict: { findings } }: Report): string {
  const found = findings.filter(({ ruling }) => ruling === 'fail' || ruling === 'inconclusive');
  return found.map(({ check, ruling, because }) => `- **${ruling}** ${code(check)}: ${text(because)}`).join('\n');
}

function updates(report: Report): string {
  const { reverted = [], conflicting = [], revertedInAll = 0, conflictingInAll = 0 } = updatesDetails(findingOf(report, 'lost-updates'));
  const at = (ms: number) => seconds(ms);
  const conflicts = conflicting.slice(0, listed).map(({ group, slot, values: [one, other], ends }) => [text(`${group} ${slot}`), ...[one, other].map(({ value, server, ackedAt }) => `${code(value)} (server ${text(server ?? '?')}, ${at(ackedAt)})`), ends.map(({ region, holds }) => `${text(region)}: ${code(holds ?? 'nothing')}`).join(', ')]);
  const gone = reverted.slice(0, listed).map(({ group, slot, value, ackedAt, server, after, still }) => [text(`${group} ${slot}`), code(value), at(ackedAt), text(server ?? ''), code(after ?? 'nothing'), text(still.join(', ') || 'no database')]);
  const first = (all: number) => (all > listed ? ` (the first ${listed} of ${all.toLocaleString('en-US')})` : '');
  return [
    ...(conflicts.length === 0 ? [] : [`### Conflicting updates${first(conflictingInAll)}`, table(['Slot', 'One', 'The other', 'In the end'], conflicts)]),
    ...(gone.length === 0 ? [] : [`### Reverted updates${first(revertedInAll)}`, table(['Slot', 'Value', 'Acknowledged at', 'Server', 'In the end', 'Still seen in'], gone)]),
  ].join('\n\n');
}

function stages(report: Report): string {
  const finding = findingOf(report, 'failover-time');
  const { criticalPath, slowest } = failoverDetails(finding);
  const rows = (failoverDetails(finding).stages ?? []).flatMap((stage) => {
    const measure = measureOf(finding, stage.name);
    if (!measure || measure.value === null) return [];
    const where = ways.find(([path]) => path === stage.path)?.[1] ?? stage.path;
    const remark = stage.name === slowest ? '**slowest on the critical path**' : criticalPath?.includes(stage.name) ? 'critical path' : '';
    return [[text(stageWords[stage.name] ?? stage.name), code(stage.name), text(where), text(sayMeasure(measure)), remark]];
  });
  return rows.length === 0 ? '' : `### Where the time went\n\n${table(['Stage', 'Measure', 'Way', 'Took', ''], rows)}\n\nStages are gaps between what was observed; they may run side by side, and need not add up.`;
}

function advice(report: Report): string {
  if (report.advice.length === 0) return '';
  const items = report.advice.map((one) => `- **${text(one.change)}**${one.sum === null ? '' : ` (${code(one.sum.measure)} ${saySum(one)})`}: ${text(one.because)} Price: ${text(one.price)}.`);
  return `### What to change\n\n${aboutAdvice}\n\n${items.join('\n')}`;
}

function limits({ cannotShow }: Report): string {
  return `<details><summary>What this run cannot show</summary>\n\n${cannotShow.map((line) => `- ${text(line)}`).join('\n')}\n\n</details>`;
}

function again({ run }: Report): string {
  const { hash, scenario, settings, metrics, versions } = run.fingerprint;
  const stood = Object.entries(versions).map(([name, version]) => `${text(name)} ${text(version)}`).join(', ');
  return `### Do it again\n\n${fenced([`npm run scenario ${run.scenario} -- --on ${run.world}${sayChosen(run.set)}`, `npm run regionfall judge reports/${run.id}`])}\n\nRun ${code(run.id)}, fingerprint ${code(hash)} (scenario ${code(scenario)}, settings ${code(settings)}, measures v${metrics})${stood === '' ? '' : `; ${stood}`}.`;
}
