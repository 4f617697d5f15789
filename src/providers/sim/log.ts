/** Writes down that the system did something. */
export type Log = (who: string, what: string, subject: string, evidence: Readonly<Record<string, unknown>>) => void;
