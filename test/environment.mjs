// Jest's environment. Tests in real time or on real parts cannot keep it where this machine's own host gives its processors to others: such a failure says nothing, and is skipped aloud.
import { TestEnvironment } from 'jest-environment-node';
import { ticksIn } from '../src/agent/stolen.ts';

/** Above this share of processor time given to others (%), a failure in real time is put down to it. */
const tooMuchPct = 10;
/** Below this much processor time (hundredths of a second) a share of it is chance. */
const tellingTicks = 20;

export default class Environment extends TestEnvironment {
  #real; #before = ticksIn();

  constructor(config, context) {
    super(config, context);
    this.#real = /\.(timed|embedded|kind)\.test\.ts$/.test(context.testPath);
  }

  async handleTestEvent({ name, test }) {
    if (!this.#real || name !== 'test_done') return;
    const { all, stolen } = this.#since(); // since the test before: what it waited for in hooks counts as well
    const stolenPct = 100 * stolen / all;
    if (test.errors.length === 0 || stolen < tellingTicks || stolenPct < tooMuchPct) return;
    process.stderr.write(`\nSKIPPED: ${test.name}: this machine's own host gave ${stolenPct.toFixed(0)} % of its processor time to others while it ran, and it met: ${test.errors.map(said).join('; ')}\n`);
    test.errors = [];
    test.status = 'skip';
  }

  #since() {
    const [before, now] = [this.#before, ticksIn()];
    this.#before = now;
    return before && now ? { all: now.all - before.all, stolen: now.stolen - before.stolen } : { all: 0, stolen: 0 };
  }
}

const said = (error) => { const one = Array.isArray(error) ? error[0] ?? error[1] : error; return one?.message ?? String(one); };
