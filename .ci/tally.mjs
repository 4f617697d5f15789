// What jest told, in one or two goes: `failed <results>` lists the files with a failure that ran in real time or on real parts, which may be due to what ran beside them;
// `count <results> [<results of those files, run alone>]` prints passed, failed and skipped, the second go of a file in place of its first, and says aloud what the second go changed.
import { existsSync, readFileSync } from 'node:fs';

const [what, ...files] = process.argv.slice(2);
const goes = files.filter((file) => existsSync(file)).map((file) => JSON.parse(readFileSync(file, 'utf8')).testResults);
const inRealTime = /\.(timed|embedded|kind)\.test\.ts$/;
const bad = ({ status }) => status === 'failed';

if (what === 'failed') {
  console.log(goes.flat().filter((suite) => bad(suite) && inRealTime.test(suite.name)).map(({ name }) => name).join('\n'));
} else {
  const latest = new Map(goes.flat().map((suite) => [suite.name, suite]));
  for (const suite of goes[0] ?? []) {
    if (bad(suite) && !bad(latest.get(suite.name))) {
      const tests = suite.assertionResults.filter(bad).map(({ fullName }) => fullName);
      console.error(`ci: UNSTEADY: ${suite.name}: failed beside others, passed alone: ${tests.join('; ') || suite.message}`);
    }
  }
  const suites = [...latest.values()];
  const tests = suites.flatMap(({ assertionResults }) => assertionResults);
  const passed = tests.filter(({ status }) => status === 'passed').length;
  const failed = tests.filter(bad).length;
  const broken = suites.filter((suite) => bad(suite) && !suite.assertionResults.some(bad)).length; // a file that did not get as far as its tests
  console.log(passed, failed + broken, tests.length - passed - failed);
}
