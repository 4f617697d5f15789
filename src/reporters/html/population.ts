import type { Report } from '../../report.ts';
import type { Population } from '../../report/population.ts';
import { number } from '../say.ts';
import { html, type Markup } from './markup.ts';

const colours = ['r0', 'r1', 'r2', 'rx'];

/** How the world's resolvers would have let go: a model, said to be one, beside the few that were watched. */
export function population(report: Report): Markup | null {
  const { population: model } = report;
  if (!model) return null;
  const all = 1_000_000;
  return html`<section id="population"><h2>A million resolvers, modelled</h2><p class="lead">What was measured above are ${report.run.topology.resolvers.length} resolvers. A population with the published share of those that stretch TTLs (8.74 %) would have let go of the old answer like this, with a TTL of ${number(model.ttl, 's')} s: ${model.letGo.map(({ pct, seconds }) => `${pct} % within ${sayTime(seconds)}`).join(', ')}. By how much they stretch, and how often a resolver is asked, are choices of the model.</p>
<div class="bars">${model.after.map(({ seconds, old }) => row(seconds, old, all))}</div>
<p class="key">${model.cohorts.map(({ name, sharePct }, index) => html`<span><svg width="20" height="12"><rect width="20" height="12" class="${colours[index % colours.length]}"/></svg> ${name} (${number(sharePct, '%')} %)</span>`)}</p>${exact(model)}</section>`;
}

function row(seconds: number, old: readonly number[], all: number): Markup {
  const sum = old.reduce((total, one) => total + one, 0);
  let left = 0;
  const parts = old.map((one, index) => {
    const wide = (one / all) * 100;
    const part = wide === 0 ? null : html`<rect x="${left.toFixed(3)}%" width="${wide.toFixed(3)}%" y="4" height="14" class="${colours[index % colours.length]}"/>`;
    left += wide;
    return part;
  });
  return html`<div class="row"><div class="name"><b>after ${sayTime(seconds)}</b></div><svg class="strip" width="100%" height="22" role="img"><title>${sum.toLocaleString('en-US')} of a million still give the old answer after ${sayTime(seconds)}</title>${parts}</svg><div class="took">${sum.toLocaleString('en-US')}</div></div>`;
}

function exact({ cohorts, after }: Population): Markup {
  return html`<details><summary>By kind of resolver</summary><div class="scroll"><table><thead><tr><th>After</th>${cohorts.map(({ name }) => html`<th class="n">${name}</th>`)}</tr></thead><tbody>${after.map(({ seconds, old }) => html`<tr><th scope="row">${sayTime(seconds)}</th>${old.map((one) => html`<td class="n">${one.toLocaleString('en-US')}</td>`)}</tr>`)}</tbody></table></div></details>`;
}

function sayTime(seconds: number): string {
  if (seconds < 120) return `${number(seconds, 's')} s`;
  return seconds < 3_600 ? `${number(seconds / 60, 's')} min` : `${number(seconds / 3_600, 's')} h`;
}
