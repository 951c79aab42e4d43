// Proves that assignVolume gives a volume with what it counts to another account or project, that only
// admins may, and that every refusal stands in a text of the command's own.
import { expect, test } from '@playwright/test';
import { setLimit } from '../../../../simulator/world/identity/resource-limits.js';
import {
  accountOf,
  createIdentityWorld,
  projectOf,
  type IdentityWorld,
} from '../../../support/identity-world.js';
import { testSimulator, type Reply, type Values } from '../../../support/simulator-client.js';
import { attachedVolume } from '../../../support/simulator-snapshots.js';
import { idOf } from '../../../support/simulator-vms.js';

interface Situation extends IdentityWorld {
  readonly id: string;
}

/** A volume of bosh, and everybody who might get it. */
function situation(): Situation {
  const world = createIdentityWorld({ diskOfferings: [{ name: 'custom' }] });
  const { diskOfferings, zones } = world.world;
  const values = {
    name: 'disk',
    diskofferingid: idOf(diskOfferings.all(), 'custom'),
    zoneid: zones.all()[0]!.id,
    size: 10,
  };
  const volume = world.clientOf('bosh').done('createVolume', values)['volume'] as Reply;
  return { ...world, id: volume['id'] as string };
}

test('the volume and what it counts go to another account, or to a project', () => {
  const world = situation();
  const { id, clientOf, world: rows } = world;
  const counts = (): number[] =>
    [
      accountOf(world, 'bosh').id,
      accountOf(world, 'other').id,
      projectOf(world, 'alpha').accountId,
    ].map((accountId) => rows.volumes.total('accountId', accountId, 'volume'));
  expect(counts()).toEqual([1, 0, 0]);
  const assigned = clientOf('admin').call('assignVolume', {
    volumeid: id,
    accountid: accountOf(world, 'other').id,
  });
  expect(assigned['volume']).toMatchObject({ id, account: 'other' });
  expect(counts()).toEqual([0, 1, 0]);
  expect(clientOf('bosh').call('listVolumes', { id })).toEqual({});
  clientOf('admin').call('assignVolume', { volumeid: id, projectid: projectOf(world, 'alpha').id });
  expect(counts()).toEqual([0, 0, 1]);
});

test('users may not, by default', () => {
  const world = situation();
  const values = { volumeid: world.id, accountid: accountOf(world, 'other').id };
  expect(world.clientOf('bosh').fails('assignVolume', values).errorcode).toBe(432);
});

test('an attached volume stays with its VM', () => {
  const world = testSimulator();
  const { id, vmId } = attachedVolume(world, world.user);
  const { accounts, vms, volumes } = world.simulator.world;
  const admin = accounts.all().find(({ name }) => name === 'admin')!;
  const { internalId, instanceName } = vms.require(vmId);
  const volume = volumes.require(id);
  expect(world.admin.fails('assignVolume', { volumeid: id, accountid: admin.id })).toMatchObject({
    errorcode: 530,
    errortext:
      `Assign volume command for volume [${id}] failed due to [Volume [{"id":${volume.internalId},` +
      `"name":"disk","uuid":"${id}"}] is attached to [VM instance {"id":${internalId},` +
      `"instanceName":"${instanceName}","type":"User","uuid":"${vmId}"}], so it cannot be moved to a different account.].`,
  });
});

test.describe('is refused', () => {
  const refusals: readonly {
    readonly what: string;
    readonly text: string | RegExp;
    readonly values?: (world: Situation) => Values;
    readonly before?: (world: Situation) => void;
    readonly as?: string;
  }[] = [
    {
      what: 'for a volume that is gone',
      text: /^No volume was found with UUID \[[0-9a-f-]{36}\]\.$/,
      before: ({ clientOf, id }) => clientOf('bosh').call('deleteVolume', { id }),
    },
    {
      what: 'to an account and a project',
      text: "Both 'accountid' and 'projectid' were informed. You must inform only one of them.",
      values: (world) => ({
        accountid: accountOf(world, 'other').id,
        projectid: projectOf(world, 'alpha').id,
      }),
    },
    {
      what: 'to nobody',
      text: 'UUID of the destination account is invalid. No account was found with UUID [null].',
      values: () => ({}),
    },
    {
      what: 'to its owner',
      text: /^The new account and the old account are the same \[Account \[\{"accountName":"bosh",.*\}\]\]\.$/,
      values: (world) => ({ accountid: accountOf(world, 'bosh').id }),
    },
    {
      what: 'to a disabled account',
      text: /^Unable to assign volume to destination account \[.*other.*\], as it is in \[disabled\] state\.$/,
      before: (world) => {
        const { id } = accountOf(world, 'other');
        world.clientOf('admin').done('disableAccount', { id, lock: false });
      },
    },
    {
      what: 'above a limit',
      text: /^Maximum amount of resources of Type = 'volume', .* Account Name = other /,
      before: (world) => {
        setLimit(world.world, accountOf(world, 'other').id, 'volume', 0);
      },
    },
    {
      what: 'while it has snapshots',
      text: /^Volume \[\{.*\}\] has snapshots\. Remove the volume's snapshots before assigning it to another account\.$/,
      before: ({ world, id }) => {
        const { accountId, zoneId, diskOfferingId } = world.volumes.require(id);
        world.snapshots.insert({
          name: 's',
          state: 'Allocated',
          accountId,
          zoneId,
          volumeId: id,
          diskOfferingId,
          serviceOfferingId: null,
          sizeBytes: 1,
        } as never);
      },
    },
    {
      what: 'by an admin of another domain',
      text: /^Account chief does not have permission to operate within domain id=[0-9a-f-]{36}$/,
      values: (world) => ({ accountid: accountOf(world, 'worker').id }),
      as: 'chief',
    },
    {
      what: 'to a project that is not the admin’s',
      text: /does not have access to project \[[0-9a-f-]{36}\]\.$/,
      values: (world) => ({ projectid: projectOf(world, 'alpha').id }),
      as: 'chief',
    },
  ];
  for (const { what, text, values, before, as } of refusals) {
    test(what, () => {
      const world = situation();
      before?.(world);
      const target = values?.(world) ?? { accountid: accountOf(world, 'other').id };
      const state = (): string => JSON.stringify(world.world.volumes.all());
      const unchanged = state();
      const refused = world
        .clientOf(as ?? 'admin')
        .fails('assignVolume', { volumeid: world.id, ...target });
      expect(refused).toMatchObject({ errorcode: 530, cserrorcode: 9999 });
      const [, inner] =
        /^Assign volume command for volume \[[0-9a-f-]{36}\] failed due to \[(.*)\]\.$/.exec(
          refused.errortext,
        ) ?? [];
      if (typeof text === 'string') expect(inner).toBe(text);
      else expect(inner).toMatch(text);
      expect(state()).toBe(unchanged);
    });
  }
});
