import { expect } from '@playwright/test';
import { manualNetwork, offered, type CaseTools } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { imageFile, properties } from './upload.js';

/** A stemcell is uploaded to one zone; VMs in another one need a copy of its template. */
export const otherZoneCases = [
  contractCase(
    {
      id: 'STM-14',
      title: 'Copy to another zone',
      proves:
        'The first VM in another zone has the template copied there, the next one uses the copy, ' +
        'and delete_stemcell deletes both.',
      needs: ['uploads', 'two zones'],
    },
    async (tools) => {
      const { cpi, cloud, door } = tools;
      const cid = await cpi.cid('create_stemcell', [await imageFile(tools), properties]);
      const first = await vmElsewhere(tools, cid);
      const second = await vmElsewhere(tools, cid);
      for (const vm of [first, second]) {
        expect(await cloud.vm(vm)).toMatchObject({ state: 'Running', templateid: cid });
      }
      expect(copies(door.requests)).toBe(1);
      expect(await cloud.template(cid)).toHaveLength(2);

      for (const vm of [first, second]) await cpi.result('delete_vm', [vm]);
      await cpi.result('delete_stemcell', [cid]);
      expect(await cloud.template(cid)).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'STM-15',
      title: 'Parallel copies',
      proves: 'Two VMs at once in another zone end with one copy of the template, and both run.',
      needs: ['uploads', 'two zones'],
    },
    async (tools) => {
      const { cpi, cloud } = tools;
      const cid = await cpi.cid('create_stemcell', [await imageFile(tools), properties]);
      const vms = await Promise.all([vmElsewhere(tools, cid), vmElsewhere(tools, cid)]);
      for (const vm of vms) expect(await cloud.vm(vm)).toMatchObject({ state: 'Running' });
      expect(await cloud.template(cid)).toHaveLength(2);
    },
  ),
];

function vmElsewhere({ offers, createVm, address }: CaseTools, stemcell: string): Promise<string> {
  const { zone, network } = offered(offers.secondZone);
  return createVm({
    stemcell,
    properties: { zone },
    networks: { private: manualNetwork(network, address(network)) },
  });
}

function copies(requests: readonly { readonly command: string }[]): number {
  return requests.filter(({ command }) => command === 'copyTemplate').length;
}
