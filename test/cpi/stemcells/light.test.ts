// Proves that a light stemcell stands for an existing, ready template of the zone, and for nothing
// else. A server on loopback plays CloudStack's list of templates.
import { expect, test } from '@playwright/test';
import { lightStemcellCid } from '../../../cpi/stemcells/light.js';
import { scriptedCloud, type ScriptedCloud } from '../support/scripted-cloud.js';

const templateId = '00000000-0000-4000-8000-000000000001';

function cloudWith(...template: object[]): Promise<ScriptedCloud> {
  return scriptedCloud(() => ({
    listtemplatesresponse: template.length > 0 ? { count: template.length, template } : {},
  }));
}

test('the CID names the template and that it is light', async () => {
  await using cloud = await cloudWith({ id: templateId, name: 'jammy', isready: true });
  const cid = `${templateId} light`;
  expect(await lightStemcellCid(cloud.client, templateId, 'z1')).toBe(cid);
  expect(await lightStemcellCid(cloud.client, 'jammy', 'z1')).toBe(cid);
});

test('a template that others share with the account is found by its name', async () => {
  await using cloud = await scriptedCloud(({ templatefilter }) => {
    const template = [{ id: templateId, name: 'jammy', isready: true }];
    const isShared = templatefilter === 'sharedexecutable';
    return { listtemplatesresponse: isShared ? { count: 1, template } : {} };
  });
  expect(await lightStemcellCid(cloud.client, 'jammy', 'z1')).toBe(`${templateId} light`);
  await expect(lightStemcellCid(cloud.client, 'other', 'z1')).rejects.toMatchObject({
    kind: 'not-found',
  });
});

test('a template that is not ready is refused with its status', async () => {
  const pending = { id: templateId, name: 'jammy', isready: false, status: '3% Downloaded' };
  await using cloud = await cloudWith(pending);
  await expect(lightStemcellCid(cloud.client, 'jammy', 'z1')).rejects.toThrow(
    /not ready in this zone \(status: 3% Downloaded\)/,
  );
});

test('a template that is not there is refused', async () => {
  await using cloud = await cloudWith();
  await expect(lightStemcellCid(cloud.client, 'jammy', 'z1')).rejects.toMatchObject({
    kind: 'not-found',
  });
});
