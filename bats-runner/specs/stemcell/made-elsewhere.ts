import { expect } from '@playwright/test';
import type { CallOptions } from '../../contract/cpi-under-test.js';
import { contractCase } from '../../contract/contract-case.js';
import type { CloudOffers } from '../../target/target.js';
import { properties } from './upload.js';

/** Stemcells whose template is made of something that is not sent by the CPI. */
export const madeElsewhereCases = [
  contractCase(
    {
      id: 'STM-09',
      title: 'Image by URL',
      proves:
        'A stemcell with image_url becomes a ready template that the cloud downloads itself; a VM ' +
        'starts from it, and delete_stemcell deletes it.',
      needs: ['image URL'],
    },
    async ({ cpi, cloud, createVm, door, imageUrl }) => {
      const url = await imageUrl();
      const args = ['/no/image', { ...properties, image_url: url }];
      const cid = await cpi.cid('create_stemcell', args);
      const commands = door.requests.map(({ command }) => command);
      expect(commands).toContain('registerTemplate');
      expect(commands).not.toContain('getUploadParamsForTemplate');
      expect(await cloud.template(cid)).toMatchObject([{ isready: true, url }]);

      const vm = await createVm({ stemcell: cid });
      expect(await cloud.vm(vm)).toMatchObject({ state: 'Running', templateid: cid });
      await cpi.result('delete_vm', [vm]);
      expect(await cpi.result('delete_stemcell', [cid])).toBeNull();
      expect(await cloud.template(cid)).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'STM-19',
      title: 'Copy of a template',
      proves:
        'A stemcell with light_mode copy becomes a template of its own, of which delete_stemcell ' +
        'leaves nothing but the template that it was copied from; so does a refusal.',
    },
    async ({ cpi, cloud, offers, createVm }) => {
      const args = (named: string): [string, Record<string, string>] => [
        '/no/image',
        { name: 'contract-stemcell', light_template: named, light_mode: 'copy' },
      ];
      const options = withMeansToCopy(offers);
      const refused = await cpi.error('create_stemcell', args('no-such-template'), options);
      expect(refused.message).toContain('no-such-template');

      const cid = await cpi.cid('create_stemcell', args(offers.template), options);
      expect(await cloud.template(cid)).toMatchObject([{ isready: true, isfeatured: false }]);
      expect(await cpi.cid('create_stemcell', args(offers.template), options)).toBe(cid);
      const vm = await createVm({ stemcell: cid });
      expect(await cloud.vm(vm)).toMatchObject({ state: 'Running', templateid: cid });
      await cpi.result('delete_vm', [vm]);
      expect(await cpi.result('delete_stemcell', [cid])).toBeNull();
      expect(await cloud.template(cid)).toEqual([]);
      const light = await cpi.cid('create_stemcell', [
        '/no/image',
        { light_template: offers.template },
      ]);
      expect(light).toMatch(/ light$/);
    },
  ),
];

function withMeansToCopy({ computeOffering, network }: CloudOffers): CallOptions {
  const stemcell = { copy_compute_offering: computeOffering, copy_network: network.name };
  return { configuration: (usual) => ({ ...usual, stemcell }) };
}
