import type { Verdict } from './check.ts';
import type { Entry, History, Run } from './history.ts';

/** What will be said of a run: a versioned plain object, `report.json`. Readers may rely on `schema`, `run`, `verdict`. */
export interface Report {
  readonly schema: 1;
  readonly run: Run & { readonly status: History['status'] };
  readonly verdict: Verdict;
}

/** A file of a run's folder, as text. */
export interface RenderedFile { readonly name: string; readonly text: string }

/** A way to say it. `see` hears entries while the run goes on and must not block; `render` is pure. */
export interface Reporter {
  readonly kind: string;
  see?(entry: Entry): void;
  render?(report: Report, history: History): readonly RenderedFile[];
}
