import { trusted } from './markup.ts';

/** Textures for what must not be told by colour alone; every strip of the page refers to them. */
export const patterns = trusted(`<svg width="0" height="0" style="position:absolute" aria-hidden="true"><defs>
<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="6" height="6" style="fill:var(--bad-page)"/><line x1="0" x2="0" y1="0" y2="6" style="stroke:var(--bad);stroke-width:3.4"/></pattern>
<pattern id="cross" width="7" height="7" patternUnits="userSpaceOnUse"><rect width="7" height="7" style="fill:var(--card)"/><path d="M0 0L7 7M7 0L0 7" style="stroke:var(--bad);stroke-width:1"/></pattern>
<pattern id="dots" width="6" height="6" patternUnits="userSpaceOnUse"><rect width="6" height="6" style="fill:var(--card)"/><circle cx="3" cy="3" r="1.1" style="fill:var(--soft)"/></pattern>
<pattern id="hope" width="5" height="5" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect width="5" height="5" style="fill:var(--card)"/><line x1="0" x2="0" y1="0" y2="5" style="stroke:var(--told);stroke-width:2"/></pattern>
</defs></svg>`);
