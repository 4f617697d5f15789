/** Text of a run as Markdown text on one line: nothing in it is markup, a link, or somebody's name to be told. */
export function escapeMarkdown(text: string): string {
  return flat(text).replace(/[\\`*_[\]<>#|~&]/g, (found) => (found === '<' ? '&lt;' : found === '>' ? '&gt;' : found === '&' ? '&amp;' : `\\${found}`))
    // A word joiner keeps hosts from mentioning people and linking words that look like addresses.
    .replace(/@/g, '@\u2060').replace(/\b(https?|www)(?=[:.])/gi, '$1\u2060').replace(/^(\d+)([.)])(?=\s|$)|^([-+])(?=\s|$)/, (_, number: string | undefined, dot: string | undefined, sign: string | undefined) => (number === undefined ? `\\${sign}` : `${number}\\${dot}`));
}

/** Text of a run as code within a line; fences are made longer than any run of backticks in it. Within a table a pipe must be escaped even there. */
export function code(text: string): string {
  const inside = flat(text).replaceAll('|', '\\|');
  const fence = '`'.repeat(longestRun(inside) + 1);
  const pad = inside.startsWith('`') || inside.endsWith('`') || inside === '' ? ' ' : '';
  return `${fence}${pad}${inside}${pad}${fence}`;
}

/** Lines of text as a block of code for a shell; what would break a line is no part of one. */
export function fenced(lines: readonly string[]): string {
  const text = lines.map(flat).join('\n');
  const fence = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${fence}sh\n${text}\n${fence}`;
}

/** A table of cells that are Markdown already. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function flat(text: string): string {
  return text.toWellFormed().replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ').trim();
}

function longestRun(text: string): number {
  return Math.max(0, ...[...text.matchAll(/`+/g)].map(([found]) => found.length));
}
