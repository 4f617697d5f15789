import type { Comparison } from '../compare.ts';
import { json, type RenderedFile, type Report } from '../report.ts';
import { junit } from './compare/junit.ts';
import { markdown } from './compare/markdown.ts';
import { page } from './compare/page.ts';

/** The run that is drawn for a side; null where no report of it is left. */
export type Shown = Report | null;

/** A comparison as files: for programs, for a pull request, for people, for CI. */
export function renderComparison(comparison: Comparison, shown: { readonly a: Shown; readonly b: Shown }): RenderedFile[] {
  return [
    { name: 'compare.json', text: json(comparison) },
    { name: 'compare.md', text: markdown(comparison) },
    { name: 'compare.html', text: page(comparison, shown) },
    { name: 'junit.xml', text: junit(comparison) },
  ];
}
