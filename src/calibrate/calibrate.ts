import { parts, type Calibration, type Options } from './parts.ts';
import { realModes, realShapes } from './outages/out.ts';
import { realRows } from './outages/real.ts';
import type { Row } from './row.ts';

/** What `regionfall calibrate` plants. */
export const wholeCalibration: Options = { cases: 300, targets: 30, busyCases: 300, virtualCases: 300, histories: 100, databases: 5, caches: 10, noops: 50, seed: 'whole' };

/** Plants known truths and measures them with the instruments as shipped, real outages of all modes at once: for few and short ones. `say` hears of every miss. */
export async function calibrate(options: Options, say: (line: string) => void): Promise<Calibration> {
  const together = [...realModes, ...realShapes];
  const rows: Row[] = await realRows(options, together, say);
  const noise: Calibration['noise'][number][] = [];
  for (const part of parts.filter(({ name }) => !together.includes(name as never))) {
    const found = await part.run(options, say);
    rows.push(...found.rows);
    noise.push(...found.noise);
  }
  return { rows, noise };
}
