import { describeEmbedded } from '../../../../test/embedded.ts';
import { describeProvider } from '../../../../test/provider-contract.ts';
import type { Provider } from '../../../world.ts';
import { embedded } from '../provider.ts';

const onMysql: Provider = {
  ...embedded,
  open: (topology, ...how) => embedded.open({ ...topology, settings: { ...topology.settings, database: { ...topology.settings.database, engine: 'mysql' } } }, ...how),
};

describeEmbedded('the embedded world on MySQL', () => { describeProvider('embedded, on MySQL,', () => onMysql, { timeoutMs: 240_000 }); }, 'mysql');
