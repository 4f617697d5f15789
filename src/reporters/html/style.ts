/** The page's style: light and dark, print, phone; every state also told by texture, outline or word. */
export const style = `
:root{color-scheme:light dark;--page:#fbfaf8;--card:#fff;--ink:#1b1d22;--soft:#5a606b;--line:#dcdad5;--faint:#efeeea;--pass:#176b42;--fail:#b3201b;--open:#8a5700;--told:#3d5a80;
--r0:#3f5f9e;--r0-ink:#fff;--r1:#b5dbd3;--r1-ink:#0d3b34;--r2:#e3cf9f;--r2-ink:#4b3600;--rx:#d7dbe2;--rx-ink:#2a2f38;--bad:#b3201b;--bad-page:#fbe9e7;--guide:#1b1d22;
--mono:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
@media (prefers-color-scheme:dark){:root{--page:#14161a;--card:#1c1f25;--ink:#e9e8e4;--soft:#a2a8b3;--line:#363b44;--faint:#252930;--pass:#5cc48f;--fail:#ff8a80;--open:#f0b65a;--told:#9cbbe3;
--r0:#6d8fd6;--r0-ink:#0b1020;--r1:#1f4a43;--r1-ink:#bfeae0;--r2:#5a4a1c;--r2-ink:#f3e2b3;--rx:#3a404b;--rx-ink:#dfe3ea;--bad:#ff8a80;--bad-page:#3d1f1e;--guide:#e9e8e4}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:72rem;margin:0 auto;padding:1.75rem 1.5rem 4rem}
h1{font-size:2rem;line-height:1.15;margin:.15rem 0 .35rem;letter-spacing:-.015em;text-wrap:balance}
h2{font-size:1.3rem;line-height:1.25;margin:0 0 .35rem;letter-spacing:-.01em}
h3{font-size:1rem;margin:1.4rem 0 .35rem}
h3.group{font-size:.75rem;font-weight:600;color:var(--soft);margin:.75rem 0 .15rem;text-transform:uppercase;letter-spacing:.06em}
p{margin:0 0 .6rem}
section{margin-top:2.75rem}
small{font-size:.8125rem;color:var(--soft);font-weight:400}
code,pre{font-family:var(--mono);font-size:.86em;overflow-wrap:anywhere}
pre{background:var(--faint);padding:.7rem .9rem;border-radius:6px;white-space:pre-wrap;margin:.5rem 0 1rem}
.brand{font-weight:700;font-size:.875rem;margin:0 0 .9rem}.brand span{font-weight:400;color:var(--soft);margin-left:.4rem}
.what,.lead{color:var(--soft)}.what b,.lead b{color:var(--ink);font-weight:600}.lead{max-width:60rem}
.verdict{display:flex;gap:1.1rem;align-items:center;border:2px solid;border-radius:10px;padding:1rem 1.25rem;margin:1.1rem 0;background:var(--card)}
.verdict p{margin:0;color:var(--ink)}.verdict>svg{flex:none}
.verdict .word{font-weight:800;letter-spacing:.05em;font-size:.95rem;color:inherit}
.verdict .because{font-size:1.2rem;line-height:1.35;margin:.05rem 0 .2rem;text-wrap:pretty}
.verdict .rest{font-size:.9375rem;margin:.1rem 0 .3rem}.verdict .tally{color:var(--soft)}.verdict .tally strong{color:var(--ink)}
.verdict.pass{color:var(--pass);border-color:var(--pass)}.verdict.fail{color:var(--fail);border-color:var(--fail);border-width:4px}.verdict.measured{color:var(--told);border-color:var(--told)}.verdict.inconclusive{color:var(--open);border-color:var(--open);border-style:dashed}
.missed li{margin:.3rem 0;font-size:.9375rem;color:var(--ink)}.missed .badge{margin-right:.25rem}
.predicts{border-left:3px solid var(--line);padding-left:.9rem;color:var(--soft);max-width:60rem}.predicts b{color:var(--ink);font-weight:600;margin-right:.35rem}
.ruling .shape{fill:currentColor}.ruling .sign{fill:none;stroke:var(--card);stroke-width:3.4;stroke-linecap:round;stroke-linejoin:round}
.pass{color:var(--pass)}.fail{color:var(--fail)}.inconclusive{color:var(--open)}.measured{color:var(--told)}
.badge{display:inline-flex;gap:.35rem;align-items:center;font-size:.875rem;font-weight:600;white-space:nowrap}.badge svg{flex:none}
.cards{display:grid;grid-template-columns:repeat(3,minmax(0,1fr));gap:1rem}
.card{background:var(--card);border:1px solid var(--line);border-top:4px solid;border-radius:8px;padding:.9rem 1.1rem 1rem;color:inherit}
.card.pass{border-top-color:var(--pass)}.card.fail{border-top-color:var(--fail)}.card.inconclusive{border-top-color:var(--open);border-top-style:dashed}.card.measured{border-top-color:var(--told)}.card.unasked{border-top-color:var(--line)}
.card>*{color:var(--ink)}.card h2{font-size:1rem;margin:0}.card h2 small{display:block}
.ruled{margin:.3rem 0 .1rem}
.big{font-size:1.05rem;line-height:1.15;margin:.35rem 0 .3rem}.big b{font-size:2.5rem;font-weight:700;letter-spacing:-.03em}.big small{display:inline-block}
.big.none{font-size:1.3rem;color:var(--soft);margin:.8rem 0 .5rem}.big.none small{display:block;font-size:.8125rem;line-height:1.35;margin-top:.25rem}
.two{display:grid;grid-template-columns:1fr 1fr;gap:.8rem}.two>div+div{border-left:1px solid var(--line);padding-left:.8rem}.under{font-size:.8125rem;color:var(--soft);line-height:1.35;margin:0 0 .5rem}
.card dl{margin:.5rem 0 .6rem;font-size:.875rem}.card dl div{display:flex;justify-content:space-between;gap:1rem;border-top:1px solid var(--line);padding:.24rem 0}dt{color:var(--soft)}dd{margin:0}.card dd{text-align:right}
.fine{font-size:.8125rem;line-height:1.45;color:var(--soft)!important;margin:0}
.gauge{display:block;margin:.3rem 0 .2rem;overflow:visible}.gauge .track{fill:var(--faint)}.gauge .value{fill:var(--told)}.gauge .value.over{fill:var(--fail)}.gauge .censored{fill:url(#hatch)}
.gauge line{stroke:var(--ink);stroke-width:2}.gauge .whisker{stroke-width:1.5;stroke:var(--ink)}.gauge .limit{stroke-width:3}.gauge .expected{fill:none;stroke:var(--ink);stroke-width:1.25;stroke-dasharray:3 3}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.2rem;font-size:.8125rem;color:var(--soft);margin:.6rem 0 0;align-items:center}.key svg{vertical-align:-3px}.key .gauge{display:inline;margin:0}
.view{margin:0;padding:.7rem 1rem .4rem;background:var(--card);border:1px solid var(--line);border-radius:8px}
.view figcaption{display:none;font-weight:600}
.views>input{position:absolute;opacity:0}.views>label{display:inline-block;padding:.3rem .85rem;margin:0 .35rem .6rem 0;border:1px solid var(--line);border-radius:99px;font-size:.875rem;cursor:pointer;background:var(--card)}
.views>input:checked+label{background:var(--ink);color:var(--page);border-color:var(--ink)}.views>input:focus-visible+label{outline:3px solid var(--told);outline-offset:2px}
.views>.view{display:none}#see-whole:checked~#view-whole,#see-failover:checked~#view-failover,#see-back:checked~#view-back{display:block}
.row{display:grid;grid-template-columns:11.5rem minmax(0,1fr);gap:.8rem;align-items:center}
.name{font-size:.8125rem;line-height:1.15;padding:.14rem 0;overflow-wrap:anywhere}.name b{display:block;font-weight:600}.name small{font-size:.6875rem}
.strip{display:block;overflow:hidden}.strip text{pointer-events:none;font-size:11.5px;fill:var(--ink)}.strip text.axis{fill:var(--soft);font-size:11px}.strip .tick{stroke:var(--soft)}
rect.r0{fill:var(--r0)}rect.r1{fill:var(--r1)}rect.r2{fill:var(--r2)}rect.rx{fill:var(--rx)}.strip text.r0{fill:var(--r0-ink)}.strip text.r1{fill:var(--r1-ink)}.strip text.r2{fill:var(--r2-ink)}.strip text.rx{fill:var(--rx-ink)}
rect.bad{fill:url(#hatch);stroke:var(--bad);stroke-width:1}.strip text.bad{font-weight:600;paint-order:stroke;stroke:var(--bad-page);stroke-width:6px;stroke-linejoin:round}
rect.shut{fill:none;stroke:var(--soft)}.strip text.shut{fill:var(--soft)}rect.mixed{fill:url(#cross);stroke:var(--bad);stroke-width:1;stroke-dasharray:3 2}.strip text.mixed{fill:var(--bad);paint-order:stroke;stroke:var(--card);stroke-width:4px}
rect.blind{fill:url(#dots);stroke:var(--soft);stroke-dasharray:2 3}.strip text.blind{fill:var(--soft);paint-order:stroke;stroke:var(--card);stroke-width:4px}
rect.phase{fill:var(--faint)}rect.phase.p1{fill:var(--line)}rect.fault{fill:var(--ink)}.strip text.fault{fill:var(--page);font-weight:600}rect.unproven{fill:url(#dots);stroke:var(--ink)}.strip text.fault.unproven{fill:var(--ink)}rect.t0{fill:var(--bad)}
.guide{stroke:var(--guide);stroke-width:1.25;opacity:.75}.guide.zero{stroke:var(--bad);opacity:1}.guide.recovered{stroke-dasharray:5 3}.guide.heal{stroke-dasharray:1.5 3}
line.mark{stroke:var(--soft)}circle.mark{fill:var(--ink)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;padding:0;margin:.6rem 0 .4rem;font-size:.8125rem;color:var(--soft)}.legend svg{vertical-align:-2px;margin-right:.15rem}
.scroll{overflow-x:auto;margin:.3rem 0 .6rem}table{border-collapse:collapse;width:100%;font-size:.875rem}th,td{text-align:left;vertical-align:top;padding:.36rem .9rem .36rem 0;border-bottom:1px solid var(--line)}thead th{font-size:.75rem;font-weight:600;color:var(--soft);border-bottom:2px solid var(--line);white-space:nowrap;vertical-align:bottom}
tbody th{font-weight:600}tbody th small{display:block;line-height:1.3}.n{text-align:right;white-space:nowrap}td.n+td:not(.n),td.n+th:not(.n),th.n+th:not(.n){padding-left:.4rem}td:last-child,th:last-child{padding-right:0}tr.zero td,tr.zero th{color:var(--soft);font-weight:400}tr.loud th,tr.loud td.n{color:var(--fail);font-weight:700}
td p{margin:0}td.n>small{display:block}td.n:first-child,th.n:first-child{width:5.5rem}ul.plain{margin:0;padding:0;list-style:none}ul{padding-left:1.2rem}li{margin:.2rem 0}
details{margin:.7rem 0}summary{cursor:pointer;font-weight:600;font-size:.9375rem;padding:.2rem 0}summary:focus-visible{outline:3px solid var(--told);outline-offset:2px}
.bars .name b:has(+.tag){display:inline}.bars .row{grid-template-columns:14rem minmax(0,1fr) 9.5rem;padding:.12rem 0}.bars .took{font-size:.8125rem;text-align:right;white-space:nowrap}.bars rect.stage{fill:var(--rx);stroke:var(--soft);stroke-width:.75}.bars rect.critical{fill:var(--told);stroke:var(--told)}.bars rect.slowest{fill:var(--ink);stroke:var(--ink)}.bars .whisker{stroke:var(--soft);stroke-width:1.5}.bars .slow .name b,.bars .slow .took{font-weight:800}.bars .unseen{color:var(--soft)}
.bars .limit{stroke:var(--ink);stroke-width:2;stroke-dasharray:4 3}.bars rect.held{fill:var(--told)}.bars rect.held.suspect{fill:url(#hatch);stroke:var(--bad)}.bars rect.band{fill:var(--faint)}
.callout{border-left:4px solid var(--ink);padding:.15rem 0 .15rem .9rem;font-size:1.05rem;max-width:60rem}
.tag{display:inline-block;font-size:.6875rem;border:1px solid var(--soft);border-radius:99px;padding:0 .45rem;margin-left:.25rem;color:var(--soft);font-weight:500;white-space:nowrap}
.settings{columns:3 16rem;column-gap:2rem}.settings>div{break-inside:avoid;margin-bottom:1rem}.settings h3{margin:.3rem 0}.settings dl{margin:0;font-size:.875rem}.settings dl div,.fingerprint div{display:flex;justify-content:space-between;gap:1rem;border-top:1px solid var(--line);padding:.2rem 0}.settings dd{text-align:right}.fingerprint{font-size:.875rem}.fingerprint div{justify-content:flex-start}.fingerprint dt{flex:0 0 6.5rem}
.when{font-size:.8125rem;color:var(--soft);height:1.3em;margin:.25rem 0 0}
.advice{padding-left:1.4rem;max-width:60rem}.advice li{margin:0 0 1.1rem;padding-left:.2rem}.advice p{margin:.15rem 0}.saving{display:grid;grid-template-columns:minmax(0,22rem) auto;gap:.8rem;align-items:center;justify-content:start}.saving .took{font-size:.8125rem}.saving .now{fill:none;stroke:var(--soft)}.saving .maybe{fill:url(#hope);stroke:var(--told)}
@media (max-width:60rem){.cards{grid-template-columns:minmax(0,1fr)}}
@media (max-width:42rem){main{padding:1.1rem 1rem 3rem}h1{font-size:1.6rem}.verdict{align-items:flex-start;padding:.9rem}.verdict>svg{width:40px;height:40px}.verdict .because{font-size:1.08rem}.row,.bars .row{grid-template-columns:minmax(0,1fr);gap:0;margin-top:.3rem}.name b{display:inline}.view{padding:.5rem .6rem}text.mark,text.tight,.strip text.axis:nth-of-type(even){display:none}.bars .row{grid-template-columns:minmax(0,1fr) auto}.bars .row svg{grid-row:2;grid-column:1/-1}.saving{grid-template-columns:minmax(0,1fr);gap:0}section{margin-top:2.1rem}.fingerprint div{flex-direction:column;gap:0}.fingerprint dt{flex:none}td,th{padding-right:.6rem}
.stack thead{display:none}.stack,.stack tbody,.stack tr,.stack th,.stack td{display:block}.stack tr{border-bottom:1px solid var(--line);padding:.5rem 0}.stack th,.stack td{border:0;padding:.06rem 0}.stack td.n{display:flex;flex-wrap:wrap;justify-content:flex-end;gap:0 .5rem;text-align:left;padding-left:0!important}.stack td{padding-left:0!important}.stack td:empty{display:none}.stack td[data-head]::before{content:attr(data-head);color:var(--soft);margin-right:.6rem}.stack td.n::before{margin-right:auto!important}.stack td.n:not([data-head]){justify-content:flex-start}.stack td.n>small{display:inline}.scroll:has(>table:not(.stack)){background:linear-gradient(90deg,var(--page) 40%,transparent) 0 0/2rem 100% no-repeat local,linear-gradient(-90deg,var(--page) 40%,transparent) 100% 0/2rem 100% no-repeat local,linear-gradient(90deg,var(--soft),transparent) 0 0/.7rem 100% no-repeat scroll,linear-gradient(-90deg,var(--soft),transparent) 100% 0/.7rem 100% no-repeat scroll}.scroll>table:not(.stack) :is(td,th):not(.n){min-width:7rem}}
@media print{:root{color-scheme:light;--page:#fff;--card:#fff;--ink:#000;--soft:#444;--line:#bbb;--faint:#eee;--pass:#176b42;--fail:#b3201b;--open:#8a5700;--told:#3d5a80;--r0:#3f5f9e;--r0-ink:#fff;--r1:#b5dbd3;--r1-ink:#0d3b34;--rx:#d7dbe2;--rx-ink:#2a2f38;--bad:#b3201b;--bad-page:#fff;--guide:#000}
@page{margin:14mm 12mm}
*{print-color-adjust:exact;-webkit-print-color-adjust:exact}body{font-size:10.5pt}main{max-width:none;padding:0}.cards{grid-template-columns:repeat(3,minmax(0,1fr));gap:.5rem}.card{padding:.5rem .65rem .6rem}.big b{font-size:1.55rem}.card dl,.fine,.under{font-size:8pt}.verdict{margin:.6rem 0}.verdict>svg{width:36px;height:36px}.verdict .because{font-size:12pt}h1{font-size:18pt}.advice li{break-inside:avoid}.row{padding:0}.views>input,.views>label,.when{display:none}.views>.view{display:block;margin-bottom:.8rem;break-inside:avoid}.view figcaption{display:block}.card,.verdict,tr,.settings>div{break-inside:avoid}h2,h3,summary{break-after:avoid}section{margin-top:1.4rem}}
`;
