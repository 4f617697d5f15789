import { html, type Content, type Markup } from './markup.ts';

/** A column: what it is called, and whether it holds numbers. A name may be empty. */
export interface Column { readonly words: string; readonly n?: boolean }

/** A row: its cells, the first of which names it, and how it looks. */
export interface Line { readonly cells: readonly Content[]; readonly look?: string }

/** A table that on a phone becomes a block a row, each cell under its column's name; its head is left out where no column has one. */
export function table(columns: readonly Column[], lines: readonly Line[]): Markup {
  const head = columns.some(({ words }) => words !== '');
  const cell = (content: Content, index: number): Markup => {
    const column = columns[index];
    if (index === 0) return html`<th scope="row">${content}</th>`;
    return html`<td${column?.n ? html` class="n"` : null}${column && column.words !== '' ? html` data-head="${column.words}"` : null}>${content}</td>`;
  };
  return html`<div class="scroll"><table class="stack">${head ? html`<thead><tr>${columns.map(({ words, n }) => html`<th${n ? html` class="n"` : null}>${words}</th>`)}</tr></thead>` : null}<tbody>
${lines.map(({ cells, look }) => html`<tr${look ? html` class="${look}"` : null}>${cells.map(cell)}</tr>\n`)}</tbody></table></div>`;
}
