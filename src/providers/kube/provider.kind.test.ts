import { describeKind } from '../../../test/kind.ts';
import { describeProvider } from '../../../test/provider-contract.ts';
import { kind } from './provider.ts';

describeKind('the kind world', () => {
  describeProvider('kind', () => kind, { timeoutMs: 400_000 });
});
