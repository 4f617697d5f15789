import type { Dialect } from '../../census.ts';

/** Where a server keeps its data inside the world, where it listens, and as whom. `pidFile`: where the world looks for its process; `connections`: how many it takes at a time. */
export interface Lodging { readonly data: string; readonly host: string; readonly port: number; readonly id: number; readonly pidFile: string; readonly connections: number }

/** A database engine as the embedded world runs it: its programs on this machine, and how each is told. */
export interface Engine {
  readonly name: 'mariadb' | 'mysql';
  readonly census: Dialect;
  /** The command-line client, as this machine has it. */
  readonly client: readonly string[];
  /** The command that says the server's version. */
  readonly version: readonly string[];
  /** Shell that makes a data directory in which statements, one a line, have been run, and nothing is in a binary log. */
  install(data: string, statements: readonly string[]): string;
  /** Shell that takes out of a copied data directory what no two servers may share. */
  estrange(data: string): string;
  /** The command of one server: refuses clients' writes until someone opens it; its socket is `data` + `.sock`. */
  serve(at: Lodging): readonly string[];
  /** Shell that puts the client programs which the pilot calls into a folder, where they are not on PATH already. */
  lend(folder: string): string;
}
