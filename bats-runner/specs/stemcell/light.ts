import { expect } from '@playwright/test';
import type { Interception } from '../../contract/api-door.js';
import { contractCase } from '../../contract/contract-case.js';
import { isObject, textOf, type JsonValue } from '../../json.js';

/** Stemcells that name a template which is there already. */
export const lightCases = [
  contractCase(
    {
      id: 'STM-04',
      title: 'Light create',
      proves: 'A light stemcell gets a CID with its template’s id, and nothing is uploaded.',
    },
    async ({ cpi, cloud, door, offers, stemcell }) => {
      const cid = await stemcell();
      const id = cid.replace(/ light$/, '');
      expect(cid).toMatch(/ light$/);
      expect(await cloud.template(id)).toMatchObject([{ name: offers.template }]);
      // By id as well as by name.
      expect(await cpi.result('create_stemcell', ['/no/image', { light_template: id }])).toBe(cid);
      expect(changes(door.requests)).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'STM-05',
      title: 'Light create of a missing template',
      proves: 'A light stemcell of a template that is not there is an error that names it.',
    },
    async ({ cpi, newId }) => {
      for (const named of ['no-such-template', newId()]) {
        const args = ['/no/image', { light_template: named }];
        const { type, message } = await cpi.error('create_stemcell', args);
        expect(type).toBe('Bosh::Clouds::CloudError');
        expect(message).toContain(named);
      }
    },
  ),
  contractCase(
    {
      id: 'STM-06',
      title: 'Light create in bad weather',
      proves: 'A look-up that fails for a moment is made again.',
    },
    async ({ door, stemcell }) => {
      const usual = await stemcell();
      const bad: Interception[] = [{ status: 503, body: '' }, 'connection breaks'];
      door.intercept(({ command }) => (command === 'listTemplates' ? bad.shift() : undefined));
      expect(await stemcell()).toBe(usual);
      expect(bad).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'STM-07',
      title: 'VM from a light stemcell',
      proves: 'A VM of a light stemcell runs from the template that it names.',
    },
    async ({ cloud, createVm, stemcell }) => {
      const cid = await stemcell();
      const vm = await createVm({ stemcell: cid });
      expect(await cloud.vm(vm)).toMatchObject({
        state: 'Running',
        templateid: cid.replace(/ light$/, ''),
      });
    },
  ),
  contractCase(
    {
      id: 'STM-08',
      title: 'Light delete keeps the template',
      proves: 'To delete a light stemcell leaves its template alone.',
    },
    async ({ cpi, cloud, door, stemcell }) => {
      const cid = await stemcell();
      expect(await cpi.result('delete_stemcell', [cid])).toBeNull();
      expect(await cloud.template(cid.replace(/ light$/, ''))).toMatchObject([{ isready: true }]);
      expect(changes(door.requests)).toEqual([]);
    },
  ),
  contractCase(
    {
      id: 'STM-11',
      title: 'VM from an unknown stemcell',
      proves: 'create_vm with a stemcell that is not there is an error that names it.',
    },
    async ({ cpi, newId, vmArguments }) => {
      const unknown = newId();
      const { message, okToRetry } = await cpi.error(
        'create_vm',
        await vmArguments({ stemcell: unknown }),
      );
      expect(message).toContain(unknown);
      expect(okToRetry).toBe(false);
    },
  ),
  contractCase(
    {
      id: 'STM-12',
      title: 'VM from a template that is not ready',
      proves: 'create_vm with a stemcell whose image is not there is an error that says so.',
      needs: ['uploads'],
    },
    async ({ cpi, cloud, offers, newId, vmArguments }) => {
      const [zone] = await cloud.list('listZones', 'zone', { name: offers.zone });
      const [osType] = await cloud.list('listOsTypes', 'ostype');
      const upload = await cloud.call('getUploadParamsForTemplate', {
        name: `contract-${newId()}`,
        displaytext: 'an image that is none',
        format: 'QCOW2',
        hypervisor: offers.hypervisor,
        zoneid: textOf(zone?.['id']),
        ostypeid: textOf(osType?.['id']),
      });
      const id = await postNonsense(upload['getuploadparams']);
      try {
        const args = await vmArguments({ stemcell: id });
        const { message, okToRetry } = await cpi.error('create_vm', args);
        expect(message).toContain(id);
        expect(message).toMatch(/not ready/);
        expect(okToRetry).toBe(false);
      } finally {
        await cloud.run('deleteTemplate', { id });
      }
    },
  ),
];

/** Ends the upload of a template with an image that is none; answers its id. */
async function postNonsense(target: JsonValue | undefined): Promise<string> {
  const { id, postURL, signature, metadata, expires } = isObject(target) ? target : {};
  const body = new FormData();
  body.set('file', new Blob(['this is no disk']), 'image.qcow2');
  await fetch(textOf(postURL), {
    method: 'POST',
    headers: {
      'x-signature': textOf(signature),
      'x-metadata': textOf(metadata),
      'x-expires': textOf(expires),
    },
    body,
  });
  return textOf(id);
}

/** Commands that change something. */
export function changes(requests: readonly { readonly command: string }[]): string[] {
  return requests
    .map(({ command }) => command)
    .filter((command) => !command.startsWith('list') && command !== 'queryAsyncJobResult');
}
