import type { Finding, Measure } from '../check.ts';
import { toldRuling, type Report } from '../report.ts';
import { limitsOf } from './objectives.ts';
import type { Paint } from './paint.ts';
import { printable } from './paint.ts';
import { rulingWord, sayMeasure } from './say.ts';

// What each kind of check is asked for first; the rest stands in the report.
const headline: Readonly<Record<string, readonly [measure: string, words: string, limit: string | null][]>> = {
  'failover-time': [['failover.rto', 'recovery time (RTO)', 'max'], ['failover.outage.longest', 'longest outage', null]],
  'data-loss': [['loss.lost', 'writes lost, of all acknowledged', 'maxLost'], ['loss.rpo', 'RPO, before the cut', 'maxRpo'], ['loss.afterCut', 'lost after the cut', null]],
  'dns-convergence': [['dns.convergence.max', 'DNS convergence, slowest critical', 'max'], ['dns.violators', 'suspected of stretching TTLs', null]],
  'fail-back': [['failback.pause', 'pause while failing back', 'maxPause'], ['redundancy.restored.heal', 'redundant again, after heal', null]],
};

/** The end of a run as lines: the verdict, the measures people came for beside their objectives, what did not hold, and where the report is. */
export function summarise(report: Report, dir: string, paint: Paint): string[] {
  const { verdict } = report;
  const told = toldRuling(verdict);
  const shade = { pass: paint.good, fail: paint.bad, inconclusive: paint.open, measured: paint.strong }[told];
  const rows = verdict.findings.flatMap((finding) => rowsOf(report, finding));
  const wide = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => (row[column] ?? '').length)));
  const trouble = verdict.findings.filter((finding) => finding.ruling === 'fail' || finding.ruling === 'inconclusive');
  return [
    '', `${shade(paint.strong(rulingWord(told)))}  ${printable(verdict.because)}`,
    ...(rows.length === 0 ? [] : ['', ...rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(wide[column] ?? 0)).join('   ').trimEnd()}`)]),
    ...(trouble.length === 0 ? [] : ['', ...trouble.map((finding) => `  ${(finding.ruling === 'fail' ? paint.bad : paint.open)(rulingWord(finding.ruling).toLowerCase())} ${paint.strong(printable(finding.check))}: ${printable(finding.because)}`)]),
    '', `  report  ${dir}/report.html`, '',
  ];
}

function rowsOf(report: Report, finding: Finding): string[][] {
  const limits = limitsOf(report.run, finding.check);
  return (headline[finding.kind] ?? []).flatMap(([name, words, key], index) => {
    const measure = finding.measures.find((one) => one.name === name);
    const limit = limits.find((one) => one.key === key);
    return measure ? [[words, saidOf(measure), limit?.words ?? '', index === 0 ? rulingWord(finding.ruling).toLowerCase() : '']] : [];
  });
}

function saidOf(measure: Measure): string {
  return measure.value === null ? `not measured${measure.reason === undefined ? '' : `: ${measure.reason}`}` : sayMeasure(measure);
}
