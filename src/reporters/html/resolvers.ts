import { findingOf, type Report } from '../../report.ts';
import { namesDetails, type NamesDetails } from '../../report/details.ts';
import { number, sayMeasure } from '../say.ts';
import { html, type Markup } from './markup.ts';
import { percent, ticks, type Window } from './scale.ts';

type Resolver = NonNullable<NamesDetails['resolvers']>[number];

// More than these are folded away; the slowest come first.
const shown = 24;

/** How long each resolver gave the old address after the authorities had changed, slowest first, against the TTL; violators are named with what they did, planted ones as planted. */
export function resolvers(report: Report): Markup | null {
  const finding = findingOf(report, 'dns-convergence');
  const { resolvers: all, planted, ttl: told } = namesDetails(finding);
  if (!finding || !all || all.length === 0) return null;
  const ttl = told ?? report.run.topology.settings.dns.ttl / 1_000;
  const sorted = all.toSorted((a, b) => (b.convergence?.value ?? -1) - (a.convergence?.value ?? -1));
  const most = Math.max(ttl, ...sorted.map((one) => one.convergence?.high ?? one.convergence?.value ?? 0));
  const window: Window = { from: 0, to: most * 1_080 };
  const bars = (some: readonly Resolver[]) => some.map((one) => bar(one, ttl, window, planted?.find((result) => result.name === one.name)));
  return html`<section id="resolvers"><h2>How long resolvers held the old answer</h2><p class="lead">From the last authority's change to the last old answer. A resolver that filled its cache just before may hold it for the TTL, ${number(ttl, 's')} s (dashed). One run makes a suspect, not a violator.</p>
<div class="bars"><div class="row"><span></span><svg class="strip" width="100%" height="24" aria-hidden="true">${ticks(window, 0).map(({ at, words }) => html`<text x="${percent(at, window)}%" y="13" class="axis" text-anchor="${percent(at, window) < 4 ? 'start' : 'middle'}">${words.replace('+', '')}</text><line x1="${percent(at, window)}%" x2="${percent(at, window)}%" y1="18" y2="24" class="tick"/>`)}</svg><span></span></div>
${bars(sorted.slice(0, shown))}</div>${sorted.length > shown ? html`<details><summary>${sorted.length - shown} more, faster</summary><div class="bars">${bars(sorted.slice(shown))}</div></details>` : null}${table(sorted)}</section>`;
}

function bar(one: Resolver, ttl: number, window: Window, planted: { readonly result: string; readonly because: string } | undefined): Markup {
  const held = one.convergence;
  const suspect = one.signs.length > 0;
  const wide = held ? Math.max(0.25, percent(held.value * 1_000, window)) : 0;
  const low = held ? percent(held.low * 1_000, window) : 0;
  const high = held ? percent((held.high ?? held.value) * 1_000, window) : 0;
  const tags = [one.critical ? 'critical' : null, one.planted ? `planted${planted ? `, ${planted.result}` : ''}` : suspect ? 'suspected violator' : null].filter((tag) => tag !== null);
  const said = held ? sayMeasure({ name: '', ...held, unit: 's', n: one.n }) : 'not told';
  return html`<div class="row"><div class="name"><b>${one.name}</b>${tags.map((tag) => html` <span class="tag">${tag}</span>`)}<br><small>${suspect ? one.signs.join(', ') : `asked from ${one.place}`}</small></div><svg class="strip" width="100%" height="24" role="img"><title>${one.name}: ${said}${suspect ? `; ${one.signs.join(', ')}` : ''}</title><rect width="${percent(ttl * 1_000, window)}%" y="2" height="20" class="band"/><rect width="${wide}%" y="6" height="12" class="held${suspect ? ' suspect' : ''}"/>${high > low ? html`<line x1="${low}%" x2="${high}%" y1="12" y2="12" class="whisker"/>` : null}<line x1="${percent(ttl * 1_000, window)}%" x2="${percent(ttl * 1_000, window)}%" y1="0" y2="24" class="limit"/></svg><div class="took">${said}</div></div>`;
}

function table(all: readonly Resolver[]): Markup {
  return html`<details><summary>Every resolver, exactly</summary><div class="scroll"><table><thead><tr><th>Resolver</th><th>From</th><th>Judged</th><th class="n">Held old</th><th class="n">Beyond the TTL</th><th class="n">Highest TTL</th><th class="n">Flaps</th><th class="n">Looks</th><th>Signs and errors</th></tr></thead><tbody>
${all.map((one) => html`<tr><th scope="row">${one.name}</th><td>${one.place}</td><td>${one.planted ? 'planted: never' : one.critical ? 'yes' : 'no'}</td><td class="n">${one.convergence ? `${one.convergence.censored ? '> ' : ''}${one.convergence.value.toFixed(3)} s` : 'not told'}</td><td class="n">${one.excess === null ? '\u2013' : `${Math.max(0, one.excess).toFixed(3)} s`}</td><td class="n">${one.highestTtl === null ? '\u2013' : `${one.highestTtl} s`}</td><td class="n">${one.flaps}</td><td class="n">${number(one.n, 'count')}</td><td>${[...one.signs, ...Object.entries(one.errors).map(([text, times]) => `${text.slice(0, 80)} \u00d7 ${times}`)].join(', ')}</td></tr>`)}</tbody></table></div></details>`;
}
