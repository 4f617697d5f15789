import { toldRuling, type Report, type Reporter } from '../report.ts';
import { advice } from './html/advice.ts';
import { cards } from './html/cards.ts';
import { clients } from './html/clients.ts';
import { limits, proof, settings } from './html/facts.ts';
import { findings } from './html/findings.ts';
import { hero } from './html/hero.ts';
import { ledger } from './html/ledger.ts';
import { html as markup, trusted } from './html/markup.ts';
import { marks } from './html/marks.ts';
import { momentsOf } from './html/moments.ts';
import { patterns } from './html/patterns.ts';
import { population } from './html/population.ts';
import { resolvers } from './html/resolvers.ts';
import { script } from './html/script.ts';
import { stages } from './html/stages.ts';
import { style } from './html/style.ts';
import { timeline } from './html/timeline.ts';
import { updates } from './html/updates.ts';
import { wayBack } from './html/way-back.ts';

/** `report.html`: one file that opens from disk, refers to nothing outside itself, and is complete without its script. */
export const html: Reporter = {
  kind: 'html',
  render: (report) => [{ name: 'report.html', text: page(report) }],
};

function page(report: Report): string {
  const moments = momentsOf(report);
  return markup`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<title>${toldRuling(report.verdict)}: ${report.run.title} (${report.run.id})</title><style>${trusted(style)}</style></head>
<body>${patterns}<main>
${hero(report)}
${cards(report)}
${timeline(report, moments)}
${marks(report, moments)}
${stages(report, moments)}
${advice(report)}
${clients(report)}
${ledger(report, moments)}
${updates(report, moments)}
${resolvers(report)}
${population(report)}
${wayBack(report, moments)}
${findings(report)}
${proof(report, moments)}
${settings(report)}
${limits(report)}
</main><script>${trusted(script)}</script></body></html>
`.markup;
}
