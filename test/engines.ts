import { mariadb } from './engines/mariadb.ts';
import { mysql } from './engines/mysql.ts';

/** Where a server of a test's own lives, and as what. */
export interface Lodging { readonly data: string; readonly socket: string; readonly host: string; readonly port: number; readonly id: number; readonly options?: readonly string[] }

/** A kind of database server that tests start, and the words in which the kinds differ. */
export interface Engine {
  readonly name: 'mariadb' | 'mysql';
  /** Why it cannot be started here; null when it can. */
  readonly cannotRun: string | null;
  /** Makes a data directory on which the statements, one a line, have been run, and nothing is in a binary log. Throws with the program's words. */
  install(data: string, statements: readonly string[]): void;
  /** A data directory of its own, copied from an installed one. */
  copy(from: string, to: string): void;
  /** The command that starts a server: GTIDs, a binary log of rows, clients refused until someone opens it. */
  command(at: Lodging): readonly string[];
  /** Environment for programs that call the engine's client programs; wrappers that this takes are put into `dir`. */
  clientPath(dir: string): string;
  /** The engine's own client, reading statements from its input. */
  readonly client: readonly string[];
}

/** Every engine there is, whether it can be started here or not. */
export const engines: readonly Engine[] = [mariadb, mysql];

/** A title for tests of an engine, which says so loudly when they are skipped. */
export function titleOf(engine: Engine, what: string): string {
  if (engine.cannotRun === null) return `${what} on ${engine.name}`;
  console.error(`SKIPPED: ${what} on ${engine.name}: ${engine.cannotRun}`);
  return `${what} on ${engine.name} (SKIPPED: ${engine.cannotRun})`;
}
