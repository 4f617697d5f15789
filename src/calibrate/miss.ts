/** Says a miss by which something was found that nobody had planted: a false alarm. */
export const invented = (what: string): string => `invented: ${what}`;

/** How many truths were missed, and how many false alarms there were, by what is said of each. */
export function tallyOf(misses: readonly string[]): { readonly misses: number; readonly alarms: number } {
  const alarms = misses.filter((miss) => /(^|: )invented: /.test(miss)).length;
  return { misses: misses.length - alarms, alarms };
}
