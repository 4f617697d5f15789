import type { Measure } from '../../check.ts';
import { html, type Markup } from './markup.ts';

/** A measure drawn against its limit and its expectation, on one scale from zero: a bar, a whisker for the bounds, a post for the limit, a dashed frame for what arithmetic expects. Nothing where there is no value. */
export function gauge(measure: Measure | undefined, limit: number | null, expected: { readonly low: number; readonly high: number } | null): Markup | null {
  if (!measure || measure.value === null) return null;
  const { value, low, high, censored } = measure;
  const largest = Math.max(value, high ?? 0, limit ?? 0, expected?.high ?? 0);
  if (largest <= 0) return null;
  const x = (at: number) => `${Math.round((at / (largest * 1.12)) * 10_000) / 100}%`;
  const over = limit !== null && value > limit;
  const whisker = low === null || high === null || high <= low ? null : html`<line x1="${x(low)}" x2="${x(high)}" y1="13" y2="13" class="whisker"/><line x1="${x(low)}" x2="${x(low)}" y1="9" y2="17" class="whisker"/><line x1="${x(high)}" x2="${x(high)}" y1="9" y2="17" class="whisker"/>`;
  return html`<svg class="gauge" width="100%" height="28" aria-hidden="true"><rect y="8" width="100%" height="10" rx="2" class="track"/><rect y="8" width="${x(value)}" height="10" rx="2" class="value${over ? ' over' : ''}${censored ? ' censored' : ''}"/>${whisker}
${expected === null ? null : html`<rect x="${x(expected.low)}" y="4" width="${x(expected.high - expected.low)}" height="18" rx="3" class="expected"/>`}${limit === null ? null : html`<line x1="${x(limit)}" x2="${x(limit)}" y1="2" y2="24" class="limit"/>`}</svg>`;
}
