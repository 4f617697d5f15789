/** What a comparison's page needs beside the style of reports. */
export const ownStyle = `
.verdict.none{color:var(--told);border-color:var(--told)}
.dots{display:grid;grid-template-columns:1.4rem minmax(0,1fr);align-items:stretch}.dots .sides{display:grid;grid-template-rows:1fr 1fr;align-items:center;font-size:.8125rem}
.dots .rail{stroke:var(--line)}.dots .run{stroke:var(--card);stroke-width:1}.dots .run.a{fill:var(--told)}.dots .run.b{fill:var(--ink)}.dots .run.cut{fill:var(--card);stroke:var(--ink);stroke-width:2}.dots .median{stroke:var(--ink);stroke-width:2.5}.dots .median.a{stroke:var(--told)}
.scale{display:flex;justify-content:space-between;margin:0 0 .5rem 1.4rem}
.big.two-of b{font-size:1.75rem}
.pair{margin:.2rem 0 .55rem}.side{display:inline-block;width:1.2rem;font-weight:800}.again{opacity:.55;font-weight:400}
.paired .row{padding:.1rem 0}.paired rect.a{fill:var(--rx);stroke:var(--told)}.paired rect.b{fill:var(--ink)}
.outlook{font-weight:700;white-space:nowrap}.outlook.worse{color:var(--fail)}.outlook.better{color:var(--pass)}.outlook.open{color:var(--open)}
`;
