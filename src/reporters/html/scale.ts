/** A stretch of the run that is drawn across the whole width. ms since the start. */
export interface Window { readonly from: number; readonly to: number }

const steps = [100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 30_000, 60_000, 120_000, 300_000, 600_000, 1_800_000, 3_600_000];

/** Where a moment lies in a window, as a percentage of the width. */
export function percent(at: number, window: Window): number {
  return Math.round(((at - window.from) / Math.max(1, window.to - window.from)) * 100_000) / 1_000;
}

/** Round moments around `zero` inside a window, about ten of them. */
export function ticks(window: Window, zero: number): { readonly at: number; readonly words: string }[] {
  const step = steps.find((one) => (window.to - window.from) / one <= 10) ?? 7_200_000;
  const first = Math.ceil((window.from - zero) / step);
  const last = Math.floor((window.to - zero) / step);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => {
    const offset = (first + index) * step;
    return { at: zero + offset, words: sayOffset(offset, step) };
  });
}

function sayOffset(offset: number, step: number): string {
  const sign = offset < 0 ? '\u2212' : offset > 0 ? '+' : '';
  const value = Math.abs(offset) / 1_000;
  return `${sign}${step < 1_000 ? value.toFixed(1) : value} s`;
}
