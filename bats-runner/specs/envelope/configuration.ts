import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';
import type { CpiConfiguration } from '../../contract/cpi-under-test.js';
import { loopbackTls } from '../../contract/loopback-tls.js';
import type { JsonObject } from '../../json.js';

/** What the CPI is told about its cloud, by cpi.json and by a cpi-config. */
export const configurationCases = [
  contractCase(
    {
      id: 'ENV-05',
      title: 'Empty configuration',
      proves:
        'Without cloud properties a call fails before anything is sent, naming what is missing.',
    },
    async ({ cpi, door, newId }) => {
      for (const configuration of [{}, { cloudstack: {}, agent: {} }]) {
        const { type, message, okToRetry } = await cpi.error('has_vm', [newId()], {
          configuration: () => configuration,
        });
        expect(type).toBe('Bosh::Clouds::CpiError');
        for (const key of ['endpoint', 'api_key', 'secret_access_key']) {
          expect(message).toContain(`cloudstack.${key}`);
        }
        expect(okToRetry).toBe(false);
      }
      expect(door.requests).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'ENV-06',
      title: 'cpi-config in the context',
      proves:
        'Properties in the context stand for those that cpi.json lacks, and over those it has.',
    },
    async ({ cpi, newId }) => {
      const unknown = [newId()];
      let credentials: JsonObject = {};
      const withoutKeys = (usual: CpiConfiguration): CpiConfiguration => {
        const { api_key, secret_access_key, ...others } = usual['cloudstack'] ?? {};
        credentials = { api_key, secret_access_key };
        return { ...usual, cloudstack: others };
      };
      await cpi.error('has_vm', unknown, { configuration: withoutKeys });

      const options = { configuration: withoutKeys, context: credentials };
      expect(await cpi.result('has_vm', unknown, options)).toBe(false);

      // The file has good ones, the context bad ones: those count.
      await cpi.error('has_vm', unknown, { context: { secret_access_key: 'another-secret' } });
    },
  ),
  contractCase(
    {
      id: 'ENV-16',
      title: 'Custom endpoint',
      proves: 'The configured endpoint is the one that is asked; one that is no URL is named.',
    },
    async ({ cpi, door, openDoor, newId }) => {
      const other = await openDoor({});
      const at = (endpoint: string) => (usual: CpiConfiguration) => ({
        ...usual,
        cloudstack: { ...usual['cloudstack'], endpoint },
      });
      const options = { configuration: at(other.endpoint) };
      expect(await cpi.result('has_vm', [newId()], options)).toBe(false);
      expect(other.requests.length).toBeGreaterThan(0);
      expect(door.requests).toEqual([]);

      // Some CPIs put a protocol before an address without one. Here it would be a guess whether
      // the keys may be shown on the way.
      const withoutProtocol = { configuration: at(other.endpoint.replace('http://', '')) };
      const { type, message } = await cpi.error('has_vm', [newId()], withoutProtocol);
      expect(type).toBe('Bosh::Clouds::CpiError');
      expect(message).toMatch(/cloudstack\.endpoint .*https?:\/\//);
    },
  ),
  contractCase(
    {
      id: 'ENV-17',
      title: 'Zone that the endpoint does not have',
      proves: 'A zone that is not at this endpoint is an error that names it and those that are.',
    },
    async ({ cpi, offers, createDisk }) => {
      const elsewhere = { context: { default_zone: 'no-such-zone' } };
      const args = [1024, { disk_offering: offers.diskOffering }, null];
      const { type, message } = await cpi.error('create_disk', args, elsewhere);
      expect(type).toBe('Bosh::Clouds::CloudError');
      expect(message).toContain('no-such-zone');
      expect(message).toContain(offers.zone);
      await createDisk(1024);
    },
  ),
  contractCase(
    {
      id: 'ENV-18',
      title: 'CA certificate',
      proves:
        'An endpoint with a certificate of a private authority is trusted with `ca_cert`, and ' +
        'refused without.',
    },
    async ({ cpi, openDoor, newId }) => {
      const door = await openDoor({ tls: loopbackTls });
      const options = {
        configuration: (usual: CpiConfiguration) => ({
          ...usual,
          cloudstack: { ...usual['cloudstack'], endpoint: door.endpoint },
        }),
      };
      const { message, okToRetry } = await cpi.error('has_vm', [newId()], options);
      expect(message).toMatch(/certificate/);
      expect(okToRetry).toBe(false);
      expect(door.requests).toEqual([]);

      const trusting = { ...options, context: { ca_cert: loopbackTls.cert } };
      expect(await cpi.result('has_vm', [newId()], trusting)).toBe(false);
      expect(door.requests.length).toBeGreaterThan(0);
    },
  ),
];
