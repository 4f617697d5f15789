/** Something to change, and why: what this run saw, and what arithmetic makes of it. */
export interface Advice {
  /** Stable, without numbers: the settings it is about, or what it is about in a word. */
  readonly name: string;
  /** What to change, from what to what. */
  readonly change: string;
  /** The evidence of this run and the arithmetic, in sentences. */
  readonly because: string;
  /** What the change costs or risks. */
  readonly price: string;
  /** The measure it is about: as it is now, and the bounds of what it would be, which settings and other measures add up to and nobody measured. Null where there is nothing to add up. */
  readonly sum: { readonly measure: string; readonly unit: 's' | 'writes'; readonly now: number; readonly low: number; readonly high: number } | null;
}
