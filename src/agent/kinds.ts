import type { Probe } from '../probe.ts';
import { copy } from '../probes/copy.ts';
import { direct } from '../probes/direct.ts';
import { dns } from '../probes/dns.ts';
import { http } from '../probes/http.ts';
import { k6 } from '../probes/k6.ts';
import { ledger } from '../probes/ledger.ts';
import { reads } from '../probes/reads.ts';
import { registers } from '../probes/registers.ts';
import { server } from '../probes/server.ts';

/** The kinds of look an agent can take: no checks and no reporters, so that an agent stays small. */
export const kinds: readonly Probe<any, any, any, any>[] = [http, dns, ledger, registers, reads, direct, copy, server, k6];
