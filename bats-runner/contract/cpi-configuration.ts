import type { Target } from '../target/target.js';
import type { CpiConfiguration } from './cpi-under-test.js';

/** The cpi.json of all cases. */
export function configurationFor(target: Target, endpoint: string): CpiConfiguration {
  const { account, offers, cpiSettings, cpiConfiguration } = target;
  if (cpiConfiguration !== undefined) return cpiConfiguration({ ...account, endpoint });
  return {
    cloudstack: {
      endpoint,
      api_key: account.apiKey,
      secret_access_key: account.secretKey,
      default_zone: offers.zone,
      ...cpiSettings,
    },
    agent: { mbus: 'nats://nats:bus-password@10.0.0.6:4222', ntp: ['ntp.example.com'] },
  };
}
