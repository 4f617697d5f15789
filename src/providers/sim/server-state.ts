import type { ServerSeen } from '../../seen.ts';
import type { Server } from './server.ts';

/** What a simulated server says of itself, as a real one would. */
export function stateSeen({ id, net, program, settings, armed, inForce, waited, alone, startedAt }: Server): ServerSeen {
  return {
    server: String(id), upS: Math.floor((net.clock.now() - startedAt) / 1_000), acks: !armed ? 'off' : inForce ? 'in force' : 'degraded', waited, alone,
    connections: program.asked, refused: program.refused, open: program.connections.size, most: settings.maxConnections,
  };
}
