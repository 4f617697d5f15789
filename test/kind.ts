import { describe } from '@jest/globals';
import { kind } from '../src/providers/kube/provider.ts';

const shortfalls = await kind.shortfalls();

/** Tests that need the kind world. Where it cannot be opened they are skipped, and say aloud why and what mends it. */
export function describeKind(name: string, tests: () => void): void {
  if (shortfalls.length === 0) { describe(name, tests); return; }
  const why = shortfalls.map(({ what, mend }) => `  ${what}${mend === null ? '' : `\n      mend: ${mend}`}`).join('\n');
  process.stderr.write(`\nSKIPPED: ${name}: the kind world cannot be opened here\n${why}\n`);
  describe.skip(name, tests); // said aloud just above
}
