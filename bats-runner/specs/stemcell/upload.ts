import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { tagsOf } from '../../cloud/cloud.js';
import type { CaseTools } from '../../contract/case-tools.js';
import { contractCase } from '../../contract/contract-case.js';
import { emptyQcow2 } from '../../stemcell/qcow2.js';
import { stemcellDiskMib, stemcellImage } from '../../stemcell/stemcell-image.js';

const bytesInMib = 1024 * 1024;

/** Stemcells with an image. */
export const uploadCases = [
  contractCase(
    {
      id: 'STM-01',
      title: 'Heavy create and delete',
      proves: 'An image becomes a ready template with a CID, and delete_stemcell takes it away.',
      needs: ['uploads'],
    },
    async (tools) => {
      const { cpi, cloud } = tools;
      const cid = await cpi.cid('create_stemcell', [await imageFile(tools), properties]);
      expect(await cloud.template(cid)).toMatchObject([{ isready: true }]);

      expect(await cpi.result('delete_stemcell', [cid])).toBeNull();
      expect(await cloud.template(cid)).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'STM-02',
      title: 'Attributes of the template',
      proves:
        'The template of a stemcell is private, tells name and version of the stemcell, and fits ' +
        'hypervisor, format and operating system.',
      needs: ['uploads'],
    },
    async (tools) => {
      const { cpi, cloud, offers } = tools;
      const cid = await cpi.cid('create_stemcell', [await imageFile(tools), properties]);
      const [template] = await cloud.template(cid);
      expect(template).toMatchObject({
        ispublic: false,
        isfeatured: false,
        zonename: offers.zone,
        hypervisor: 'KVM',
        format: 'QCOW2',
        ostypename: 'Other PV (64-bit)',
      });
      expect(template?.['displaytext']).toMatch(/contract-stemcell.*1\.23/);
    },
  ),
  contractCase(
    {
      id: 'STM-10',
      title: 'Delete a missing stemcell',
      proves: 'To delete a stemcell that is not there, or not any more, is a success.',
      needs: ['uploads'],
    },
    async (tools) => {
      const { cpi, newId } = tools;
      expect(await cpi.result('delete_stemcell', [newId()])).toBeNull();

      const cid = await cpi.cid('create_stemcell', [await imageFile(tools), properties]);
      expect(await cpi.result('delete_stemcell', [cid])).toBeNull();
      expect(await cpi.result('delete_stemcell', [cid])).toBeNull();
    },
  ),
  contractCase(
    {
      id: 'STM-17',
      title: 'Tags of API version 3',
      proves: 'Tags in the third argument are put on the template; without it there are none.',
      versions: [2, 3],
      needs: ['uploads'],
    },
    async (tools) => {
      const { cpi, cloud, apiVersion } = tools;
      const args = [await imageFile(tools), properties];
      const tags = { team: 'contract', 'cost-centre': '7' };
      const cid = await cpi.cid('create_stemcell', apiVersion === 3 ? [...args, { tags }] : args);
      const [template] = await cloud.template(cid);
      if (apiVersion === 3) expect(tagsOf(template)).toMatchObject(tags);
      else expect(Object.keys(tagsOf(template))).not.toContain('team');
    },
  ),
  contractCase(
    {
      id: 'STM-18',
      title: 'Image inside of the archive',
      proves:
        'An archive with root.img and a bare image give the same disk, nothing else is taken for ' +
        'one, and no temporary file is left.',
      needs: ['uploads'],
    },
    async (tools) => {
      const { cpi, cloud, folder } = tools;
      const temporary = join(folder, 'tmp');
      mkdirSync(temporary);
      const options = { environment: { HOME: folder, TMPDIR: temporary } };
      const bare = join(folder, 'bare');
      writeFileSync(bare, emptyQcow2(stemcellDiskMib));
      for (const image of [await imageFile(tools), bare]) {
        const args = [image, { ...properties, version: image }];
        const cid = await cpi.cid('create_stemcell', args, options);
        const [template] = await cloud.template(cid);
        expect(template).toMatchObject({ isready: true, size: stemcellDiskMib * bytesInMib });
      }
      const nonsense = join(folder, 'nonsense');
      writeFileSync(nonsense, 'this is no disk');
      const { message } = await cpi.error('create_stemcell', [nonsense, properties], options);
      expect(message).toContain(nonsense);
      expect(readdirSync(temporary)).toEqual([]);
    },
  ),
];

/** cloud_properties of a stemcell, as its manifest has them. */
export const properties = {
  name: 'contract-stemcell',
  version: '1.23',
  infrastructure: 'openstack',
  hypervisor: 'kvm',
  disk: 3072,
  disk_format: 'qcow2',
  container_format: 'bare',
  os_type: 'linux',
  os_distro: 'ubuntu',
  architecture: 'x86_64',
};

/** A stemcell's image in the folder of the case. */
export async function imageFile({ folder }: CaseTools): Promise<string> {
  const path = join(folder, 'image');
  writeFileSync(path, await stemcellImage());
  return path;
}
