/** How a proxy stands to the endpoints of one cluster of its configuration: by address, the region, whether it is ejected, and how many requests went there. */
export type Standing = ReadonlyMap<string, { readonly region: string; readonly ejected: boolean; readonly requests: number }>;

/** What changed between two looks, in the words of marks. */
export interface Change { readonly what: 'ejected' | 'returned' | 'endpoint gone' | 'endpoint new' | 'sends users'; readonly subject: string; readonly evidence: Readonly<Record<string, unknown>> }

interface Host {
  readonly address?: { readonly socket_address?: { readonly address?: string; readonly port_value?: number } };
  readonly locality?: { readonly region?: string };
  readonly health_status?: { readonly failed_outlier_check?: boolean };
  readonly stats?: readonly { readonly name?: string; readonly value?: string }[];
}

/** Reads Envoy's `/clusters?format=json`; null where the cluster is not in it or the text is cut off. */
export function standingOf(text: string, cluster: string): Standing | null {
  let all: { readonly cluster_statuses?: readonly { readonly name?: string; readonly host_statuses?: readonly Host[] }[] };
  try { all = JSON.parse(text) as typeof all; } catch { return null; }
  const found = all.cluster_statuses?.find(({ name }) => name === cluster);
  return found ? new Map((found.host_statuses ?? []).map((host) => [addressOf(host), {
    region: host.locality?.region ?? '', ejected: host.health_status?.failed_outlier_check === true, requests: Number(host.stats?.find(({ name }) => name === 'rq_total')?.value ?? 0),
  }])) : null;
}

function addressOf({ address }: Host): string {
  return `${address?.socket_address?.address ?? ''}:${address?.socket_address?.port_value ?? ''}`;
}

/** What changed in who is there and who is held for healthy. */
export function changesIn(before: Standing, now: Standing): Change[] {
  const changes: Change[] = [];
  for (const [address, { region, ejected }] of now) {
    const old = before.get(address);
    if (!old) changes.push({ what: 'endpoint new', subject: `${region}/app`, evidence: { address } });
    else if (old.ejected !== ejected) changes.push({ what: ejected ? 'ejected' : 'returned', subject: `${region}/app`, evidence: { address } });
  }
  for (const [address, { region }] of before) if (!now.has(address)) changes.push({ what: 'endpoint gone', subject: `${region}/app`, evidence: { address } });
  return changes;
}

/** Requests by region since the look before. */
export function requestsBetween(before: Standing, now: Standing): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const [address, { region, requests }] of now) {
    const more = requests - (before.get(address)?.requests ?? 0);
    if (more > 0) sums.set(region, (sums.get(region) ?? 0) + more);
  }
  return sums;
}
