import { describeEmbedded } from '../../../test/embedded.ts';
import { describeProvider } from '../../../test/provider-contract.ts';
import { embedded } from './provider.ts';

describeEmbedded('the embedded world', () => {
  describeProvider('embedded', () => embedded, { timeoutMs: 240_000 });
});
