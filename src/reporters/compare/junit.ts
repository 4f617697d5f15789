import type { Comparison, Judged } from '../../compare.ts';
import { escapeXml } from '../junit.ts';

/** `junit.xml` of a comparison: one test case a primary measure. Worse is a failure; allowed, too few runs, and no baseline are skipped, with their reason. */
export function junit(comparison: Comparison): string {
  const { a, b, primary, ruling, because, exploratory } = comparison;
  const cases = primary.length > 0 ? primary.map(caseOf) : [{ name: 'baseline', skipped: because, failed: null, said: because }];
  const totals = `tests="${cases.length}" failures="${cases.filter(({ failed }) => failed !== null).length}" errors="0" skipped="${cases.filter(({ skipped }) => skipped !== null).length}"`;
  const suite = escapeXml(`${a.name} against ${b.name}`);
  const said = exploratory.map(({ measure, because: why, outlook }) => `${measure}: ${outlook}: ${why}`).join('\n');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="regionfall compare" ${totals}>\n  <testsuite name="${suite}" ${totals}>\n    <properties>\n      <property name="ruling" value="${escapeXml(ruling)}"/>\n      <property name="because" value="${escapeXml(because)}"/>\n    </properties>\n`
    + cases.map(({ name, skipped, failed, said: words }) => `    <testcase classname="regionfall.compare" name="${escapeXml(name)}">\n${failed === null ? '' : `      <failure message="${escapeXml(failed)}" type="worse">${escapeXml(failed)}</failure>\n`}${skipped === null ? '' : `      <skipped message="${escapeXml(skipped)}"/>\n`}      <system-out>${escapeXml(words)}</system-out>\n    </testcase>\n`).join('')
    + `    <system-out>${escapeXml(`exploratory:\n${said}`)}</system-out>\n  </testsuite>\n</testsuites>\n`;
}

function caseOf({ measure, outlook, because, allowed }: Judged) {
  const skipped = allowed ? `allowed until ${allowed.until}: ${allowed.reason} (${allowed.issue})` : ['not enough runs', 'not measured', 'redefined'].includes(outlook) ? because : null;
  return { name: measure, skipped, failed: outlook === 'worse' && !allowed ? because : null, said: `${outlook}: ${because}` };
}
