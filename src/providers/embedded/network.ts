import type { Addresses, Ground } from './addresses.ts';

/** The namespace all traffic between places crosses, and where cuts are made. */
export const routerNetns = 'router';
export const table = 'inet regionfall';

/** Shell that makes the places' network namespaces, a veth from each to the router, and the chain that cuts go into. */
export function networkScript(addresses: Addresses): string {
  return [
    'ip link set lo up',
    `ip netns add ${routerNetns}`,
    `ip netns exec ${routerNetns} sysctl -qw net.ipv4.ip_forward=1`,
    `ip netns exec ${routerNetns} nft 'add table ${table}; add chain ${table} cuts { type filter hook forward priority -300; policy accept; }'`,
    ...addresses.places.flatMap(placeScript),
  ].join('\n');
}

function placeScript(ground: Ground, index: number): string[] {
  const own = [...new Set([ground.agent, ...Object.values(ground.parts).flat()])];
  return [
    `ip netns add ${ground.netns}`,
    `ip link add to${index} netns ${routerNetns} type veth peer name eth0 netns ${ground.netns}`,
    `ip -n ${routerNetns} addr add ${ground.router}/24 dev to${index}`,
    `ip -n ${routerNetns} link set to${index} up`,
    `ip -n ${ground.netns} link set lo up`,
    `ip -n ${ground.netns} link set eth0 up`,
    ...own.map((address) => `ip -n ${ground.netns} addr add ${address}/24 dev eth0`),
    // A replica's own connection cannot be told where to leave from, so what leaves without saying is the database.
    `ip -n ${ground.netns} route add default via ${ground.router} src ${ground.parts.database?.[0] ?? ground.agent}`,
  ];
}
