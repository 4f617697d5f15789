/** A piece of a page that is already safe to print. */
export interface Markup { readonly markup: string }

/** What may stand in a template: text is escaped, markup is taken as it is, lists are joined, and null, undefined and false print nothing. */
export type Content = string | number | Markup | null | undefined | false | readonly Content[];

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text as it may stand between tags and inside quoted attributes. Characters that HTML forbids become U+FFFD. */
export function escapeText(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/g, '\ufffd').replace(/[&<>"']/g, (found) => entities[found] ?? found);
}

/** A template whose values are escaped unless they are markup themselves. */
export function html(literals: TemplateStringsArray, ...values: readonly Content[]): Markup {
  return { markup: literals.reduce((page, literal, index) => page + print(values[index - 1]) + literal) };
}

/** Text that this program wrote itself, such as a style sheet; never anything from a run. */
export function trusted(markup: string): Markup {
  return { markup };
}

function print(content: Content): string {
  if (content === null || content === undefined || content === false) return '';
  if (typeof content === 'number') return String(content);
  if (typeof content === 'string') return escapeText(content);
  return 'markup' in content ? content.markup : content.map(print).join('');
}
