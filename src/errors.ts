/** Every way a command can end, as its exit status. Where several hold: interrupted, then left behind, then not ready, then the verdict. */
export const exits = {
  pass: 0,
  missed: 1,
  inconclusive: 2,
  wrong: 3,
  notReady: 4,
  leftBehind: 5,
  bug: 70,
  interrupted: 130,
} as const;

/** What kind of trouble a DrillError is; each has one exit status in `exits`. */
export type Trouble = 'wrong' | 'notReady' | 'leftBehind' | 'interrupted';

/** One thing that is wrong, where it stands, and what to do about it. `line` counts from 1. */
export interface Problem {
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
  readonly hint?: string;
}

/** The only error meant for people: everything else that is thrown is a bug and shows its stack. */
export class DrillError extends Error {
  readonly trouble: Trouble;
  readonly problems: readonly Problem[];

  constructor(trouble: Trouble, problems: Problem | readonly Problem[], options?: { cause?: unknown }) {
    const all = Array.isArray(problems) ? (problems as readonly Problem[]) : [problems as Problem];
    super(all.map(sayProblem).join('\n'), options);
    this.name = 'DrillError';
    this.trouble = trouble;
    this.problems = all;
  }
}

/** `file:line: message`, and the hint on a line of its own. */
export function sayProblem(problem: Problem): string {
  const where = problem.file === undefined ? '' : `${problem.file}${problem.line === undefined ? '' : `:${problem.line}`}: `;
  const hint = problem.hint === undefined ? '' : `\n    hint: ${problem.hint}`;
  return `${where}${problem.message}${hint}`;
}
