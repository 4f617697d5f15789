import { describeProvider } from '../../../test/provider-contract.ts';
import { sim } from './provider.ts';

describeProvider('simulated', () => sim, { timeoutMs: 30_000 });
