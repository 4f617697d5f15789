#!/usr/bin/env node
// Versions of the reference system that really differ, told apart from series of real runs: `npm run bench bench/versions.ts -- [--on embedded] [--out reports/versions] [--enough 5] [--lock FILE] [--wait-while FILE] [--keep docs/versions]`.
// Called again, it goes on where it was. --lock, --wait-while: see turns.ts. --keep: where the compact history and the comparisons are copied to in the end.
import { $, argv, fs, path } from 'zx';
import { regionfall, takeTurns } from './turns.ts';

const { on = 'embedded', out = 'reports/versions', enough = 5, lock, keep, 'wait-while': waitWhile } = argv as unknown as { readonly on?: string; readonly out?: string; readonly enough?: number; readonly lock?: string; readonly keep?: string; readonly 'wait-while'?: string };
const fileOf = (name: string) => path.join(import.meta.dirname, 'versions', `${name}.yaml`);
// `fast` twice: two series of the same version are not to be told apart.
const series = { fast: fileOf('fast'), async: fileOf('async'), 'slow-pilot': fileOf('slow-pilot'), 'checks-10': fileOf('checks-10'), 'checks-30': fileOf('checks-30'), 'fast-again': fileOf('fast') };
const questions: readonly (readonly [a: string, b: string, right: string])[] = [
  ['checks-10', 'checks-30', 'RTO worse, by stage.detect.dns'],
  ['fast', 'async', 'loss worse'],
  ['fast', 'slow-pilot', 'RTO worse, by stage.detect.db'],
  ['fast', 'fast-again', 'no change'],
];

await takeTurns(series, { on, out, enough: Number(enough), lock, waitWhile });
for (const [a, b, right] of questions) {
  const compared = await $({ nothrow: true, quiet: true })`${regionfall} compare ${path.join(out, a)} ${path.join(out, b)} --out ${path.join(out, `${a}-v-${b}`)}`;
  if (keep !== undefined) for (const kind of ['html', 'md']) await fs.copy(path.join(out, `${a}-v-${b}`, `compare.${kind}`), path.join(keep, `${a}-v-${b}.${kind}`));
  console.log(`\n== ${a} v ${b}; right would be: ${right} (exit ${compared.exitCode})\n${compared.stdout}${compared.stderr}`);
}
if (keep !== undefined) await fs.copy(path.join(out, 'history.jsonl'), path.join(keep, 'history.jsonl'));
