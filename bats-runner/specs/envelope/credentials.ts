import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';

/** Keys that the cloud does not take. */
export const credentialCases = [
  contractCase(
    {
      id: 'ENV-03',
      title: 'Bad credentials',
      proves: 'With wrong keys a call fails, says so, and does not claim that nothing is there.',
    },
    async ({ cpi, newId }) => {
      const context = { api_key: 'wrong-key', secret_access_key: 'wrong-secret' };
      const { result, error, log } = await cpi.call('has_vm', [newId()], { context });
      expect(result).toBeNull();
      expect(error).toMatchObject({ type: 'Bosh::Clouds::CloudError', okToRetry: false });
      expect(error?.message).toMatch(/credentials|api_key/);
      expect(log).toContain(error?.message);
    },
  ),
  contractCase(
    {
      id: 'ENV-04',
      title: 'Bad key and bad secret',
      proves: 'A wrong API key and a wrong secret key give clean errors, each by itself.',
    },
    async ({ cpi, newId }) => {
      // CloudStack answers both with the same text; which one is wrong is not to be told.
      for (const context of [{ api_key: 'wrong-key' }, { secret_access_key: 'wrong-secret' }]) {
        const { type, message, okToRetry } = await cpi.error('has_vm', [newId()], { context });
        expect(type).toBe('Bosh::Clouds::CloudError');
        expect(message).toMatch(/api_key.*secret_access_key/);
        expect(message).not.toMatch(/wrong-/);
        expect(okToRetry).toBe(false);
      }
    },
  ),
];
