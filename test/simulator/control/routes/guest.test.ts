// Proves that control shows what a running VM sees of itself, and says why where it cannot.
import { expect, test } from '@playwright/test';
import { whileListening, type Opened } from '../../../support/listening.js';
import { TestClient } from '../../../support/simulator-client.js';
import { deployment, idOf } from '../../../support/simulator-vms.js';

function withVm({ simulator }: Opened): { vmId: string; user: TestClient } {
  const user = new TestClient(simulator, simulator.userWithRole('User'));
  const admin = new TestClient(simulator, simulator.userWithRole('Admin'));
  const networkids = idOf(simulator.world.networks.all(), 'NET_CS');
  const userdata = Buffer.from('for the guest').toString('base64');
  const values = deployment({ simulator, user, admin }, { networkids, userdata });
  return { vmId: String(user.run('deployVirtualMachine', values).id), user };
}

test('its interfaces, and what its router answers', async () => {
  await whileListening({}, async (opened) => {
    const { vmId } = withVm(opened);
    const guest = `${opened.origin}/_sim/guest/${vmId}`;
    const seen = await fetch(guest);
    expect(await seen.json()).toEqual({
      interfaces: [
        {
          macAddress: expect.stringMatching(/^[0-9a-f:]{17}$/) as unknown,
          ipAddress: expect.stringMatching(/^10\.203\./) as unknown,
          router: '10.203.7.254',
          isDefault: true,
        },
      ],
      disks: [
        {
          device: '/dev/vda',
          links: [expect.stringMatching(/^\/dev\/disk\/by-id\/virtio-[0-9a-f]{20}$/) as unknown],
          volumeId: expect.any(String) as unknown,
          sizeBytes: expect.any(Number) as unknown,
          identity: expect.stringMatching(/^template /) as unknown,
          files: {},
        },
      ],
      cdrom: null,
      configDrive: null,
    });
    const url = encodeURIComponent('http://10.203.7.254/latest/user-data');
    const answer = await fetch(`${guest}/http?url=${url}`);
    expect([answer.status, await answer.text()]).toEqual([200, 'for the guest']);
  });
});

test('a file is written to a disk, and only to one that there is', async () => {
  await whileListening({}, async (opened) => {
    const { vmId } = withVm(opened);
    const write = async (body: object): Promise<[number, unknown]> => {
      const url = `${opened.origin}/_sim/guest/${vmId}/file`;
      const response = await fetch(url, { method: 'PUT', body: JSON.stringify(body) });
      return [response.status, await response.json()];
    };
    const file = { disk: '/dev/vda', name: 'marker', content: 'mine' };
    expect(await write(file)).toMatchObject([
      200,
      { device: '/dev/vda', files: { marker: 'mine' } },
    ]);
    expect(await write({ ...file, disk: '/dev/vdb' })).toEqual([
      400,
      { error: 'disk: there is no /dev/vdb; the guest has /dev/vda' },
    ]);
    expect((await write({ disk: '/dev/vda', content: 1 }))[0]).toBe(400);
    const events = JSON.stringify(opened.simulator.kernel.log.after(0));
    expect(events).toContain(`guest:${vmId}`);
    expect(events).not.toContain('mine');
  });
});

test('a VM that there is not, one that is off, a URL that is none, and one where nothing is', async () => {
  await whileListening({}, async (opened) => {
    const { vmId, user } = withVm(opened);
    const ask = async (path: string): Promise<[number, string]> => {
      const response = await fetch(`${opened.origin}/_sim/guest/${path}`);
      return [response.status, ((await response.json()) as { error: string }).error];
    };
    const where = 'such as http://data-server/latest/user-data';
    expect(await ask(`${vmId}/http`)).toEqual([400, `url: must be one, ${where}`]);
    expect(await ask(`${vmId}/http?url=nonsense`)).toEqual([400, `url: must be one, ${where}`]);
    expect(await ask(`${vmId}/http?url=http://169.254.169.254/`)).toEqual([
      504,
      'nothing answers the guest at http://169.254.169.254/',
    ]);
    expect(await ask('nobody')).toEqual([
      404,
      'there is no VM nobody; give an id or a name as the API shows it',
    ]);
    user.done('stopVirtualMachine', { id: vmId });
    expect(await ask(vmId)).toEqual([409, `VM ${vmId} is Stopped: only a running one sees`]);
  });
});

test('a VM is found by its name, unless several that run have it', async () => {
  await whileListening({}, async (opened) => {
    const { simulator, origin } = opened;
    const [user, admin] = (['User', 'Admin'] as const).map(
      (role) => new TestClient(simulator, simulator.userWithRole(role)),
    );
    const deploy = (client: TestClient, network: string): string => {
      const networkids = idOf(simulator.world.networks.all(), network);
      const values = deployment(
        { simulator, user: user!, admin: admin! },
        { name: 'web', networkids },
      );
      return String(client.run('deployVirtualMachine', values).id);
    };
    const ask = async (path: string): Promise<[number, unknown]> => {
      const response = await fetch(`${origin}/_sim/guest/${path}`);
      return [response.status, await response.json()];
    };
    const first = deploy(user!, 'NET_CS');
    const seen = await ask('web');
    expect(seen).toEqual(await ask(first));
    expect(seen[0]).toBe(200);

    const second = deploy(admin!, 'NET_SHARED');
    expect(await ask('web')).toEqual([
      409,
      { error: `several VMs are called web; give one of their ids: ${first}, ${second}` },
    ]);
    user!.done('destroyVirtualMachine', { id: first });
    expect(await ask('web')).toEqual(await ask(second));
    expect((await ask('web'))[0]).toBe(200);
    admin!.done('destroyVirtualMachine', { id: second });
    expect(await ask('web')).toEqual([
      409,
      { error: 'VM web is Destroyed: only a running one sees' },
    ]);
  });
});
