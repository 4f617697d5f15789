import type { Finding } from '../check.ts';
import type { Report, Reporter } from '../report.ts';
import { sayMeasure } from './say.ts';

/** `junit.xml`: one test case a finding; a missed objective is a failure, an inconclusive one is skipped with its reason, a measured one is ok. Measures stand in system-out. */
export const junit: Reporter = {
  kind: 'junit',
  render: (report) => [{ name: 'junit.xml', text: suite(report) }],
};

function suite(report: Report): string {
  const { run, verdict } = report;
  const count = (ruling: Finding['ruling']) => verdict.findings.filter((finding) => finding.ruling === ruling).length;
  const totals = `tests="${verdict.findings.length}" failures="${count('fail')}" errors="0" skipped="${count('inconclusive')}" time="${(report.endsAt / 1_000).toFixed(3)}"`;
  const properties = Object.entries({ run: run.id, scenario: run.scenario, world: run.world, status: run.status, ruling: verdict.ruling, because: verdict.because, fingerprint: run.fingerprint.hash })
    .map(([name, value]) => `      <property name="${escapeXml(name)}" value="${escapeXml(value)}"/>\n`).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="regionfall" ${totals}>\n`
    + `  <testsuite name="${escapeXml(run.scenario)}" timestamp="${escapeXml(run.startedAt.replace(/(\.\d+)?Z$/, ''))}" ${totals}>\n`
    + `    <properties>\n${properties}    </properties>\n`
    + verdict.findings.map((finding) => testCase(finding, run.scenario)).join('')
    + '  </testsuite>\n</testsuites>\n';
}

function testCase(finding: Finding, scenario: string): string {
  const because = escapeXml(finding.because);
  const outcome = finding.ruling === 'fail' ? `      <failure message="${because}" type="${escapeXml(finding.kind)}">${because}</failure>\n`
    : finding.ruling === 'inconclusive' ? `      <skipped message="inconclusive: ${because}"/>\n` : '';
  const lines = [`${finding.ruling}: ${finding.because}`, ...finding.measures.map((measure) => `${measure.name} = ${sayMeasure(measure)}, n = ${measure.n}${measure.reason === undefined ? '' : ` (${measure.reason})`}`)];
  return `    <testcase classname="regionfall.${escapeXml(scenario)}" name="${escapeXml(finding.check)}">\n${outcome}      <system-out>${escapeXml(lines.join('\n'))}</system-out>\n    </testcase>\n`;
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };

/** Text as it may stand in XML, between tags and inside quoted attributes: what XML 1.0 forbids, also as references, becomes U+FFFD. */
export function escapeXml(text: string): string {
  return text.toWellFormed().replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd').replace(/[&<>"']/g, (found) => entities[found] ?? found);
}
