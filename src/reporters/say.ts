import type { Finding, Measure, Verdict } from '../check.ts';

/** A measure as people read it: `12.0 s (11.8-12.0)`, `> 120 s`, `3 writes`, or `not measured`. */
export function sayMeasure(measure: Measure): string {
  const { value, unit } = measure;
  if (value === null) return 'not measured';
  const said = withUnit(value, unit, placesOf(measure));
  if (measure.censored) return `> ${said}`;
  const bounds = sayBounds(measure);
  return bounds === '' ? said : `${said} ${bounds}`;
}

/** Only the bounds: `(11.8-12.0)`; empty where they say nothing beyond the value as it is printed. */
export function sayBounds(measure: Measure): string {
  const { value, low, high, unit, censored } = measure;
  const places = placesOf(measure);
  if (value === null || censored || (low === null && high === null)) return '';
  const [least, said, most] = [low, value, high].map((one) => (one === null ? '?' : number(one, unit, places)));
  return least === said && most === said ? '' : `(${least}-${most})`;
}

/** A number with its unit: `12.0 s`, `1,204 writes`, `1 write`, `99.95 %`. */
export function withUnit(value: number, unit: Measure['unit'], places?: number): string {
  if (unit === 'count') return number(value, unit);
  const word = value === 1 && unit.endsWith('s') && unit.length > 1 ? unit.slice(0, -1) : unit;
  return `${number(value, unit, places)} ${word}`;
}

/** A number as its unit is printed: seconds with tenths, or as many `places` as told; whole things with thousands apart. */
export function number(value: number, unit: Measure['unit'], places: number = placesFor(value)): string {
  if (unit === 's') return value.toFixed(places);
  if (unit === '%') return String(Math.round(value * 100) / 100);
  return Math.round(value).toLocaleString('en-US');
}

/** How finely the seconds of a measure are told: value and bounds alike, by the largest of them. */
export function placesOf({ value, high }: Pick<Measure, 'value' | 'high'>): number {
  return placesFor(Math.max(value ?? 0, high ?? 0));
}

function placesFor(seconds: number): number {
  if (seconds === 0 || Math.abs(seconds) >= 1) return 1;
  return Math.abs(seconds) >= 0.1 ? 2 : 3;
}

/** Milliseconds as seconds with a tenth: `12.0 s`. */
export function seconds(ms: number): string {
  return withUnit(ms / 1_000, 's');
}

/** A chosen length, as it was chosen: `30 s`, `250 ms`. */
export function chosen(ms: number): string {
  return ms < 1_000 ? `${ms} ms` : `${Math.round(ms) / 1_000} s`;
}

/** A moment relative to `zero`, signed: `+12.0 s`, `-3.2 s`. */
export function moment(at: number, zero: number, places: number = 1): string {
  const value = (at - zero) / 1_000;
  return `${value < 0 ? '\u2212' : '+'}${Math.abs(value).toFixed(places)} s`;
}

/** The measure of a finding by name; undefined where the check did not give it. */
export function measureOf(finding: Finding | undefined, name: string): Measure | undefined {
  return finding?.measures.find((measure) => measure.name === name);
}

/** A ruling in the word that people look for. */
export function rulingWord(ruling: Verdict['ruling'] | Finding['ruling']): string {
  return { pass: 'PASS', fail: 'FAIL', inconclusive: 'INCONCLUSIVE', measured: 'MEASURED' }[ruling];
}

/** Settings chosen on the command line, as arguments that a shell takes as they are: ` --set database.engine=mysql`; empty where there were none. */
export function sayChosen(set: readonly string[] = []): string {
  return set.map((one) => ` --set ${/^[\w.=+-]+$/.test(one) ? one : `'${one.replaceAll("'", `'\\''`)}'`}`).join('');
}
