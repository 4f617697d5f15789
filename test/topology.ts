import { settingsSchema, type Topology } from '../src/topology.ts';

/** The reference system with its own settings, but for those given, and with its regions side by side unless they say otherwise. */
export function topologyWith(settings: object = {}): Topology {
  return {
    system: 'active-passive',
    regions: [{ name: 'ap-northeast-2', role: 'primary' }, { name: 'us-west-2', role: 'standby' }],
    places: ['outside', 'ap-northeast-2', 'us-west-2'],
    names: { service: 'app.regionfall.test', database: 'db.regionfall.test' },
    resolvers: [{ name: 'strict', kind: 'strict', planted: false }, { name: 'stretch', kind: 'stretch', minTtlMs: 300_000, planted: true }],
    authorities: ['authority-1', 'authority-2'],
    settings: settingsSchema.parse({ network: { distance: '0s' }, ...settings }),
  };
}
