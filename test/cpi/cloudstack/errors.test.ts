// Proves that CloudStack's codes and texts are told apart, with texts as its services write them,
// and that a message says what to do.
import { expect, test } from '@playwright/test';
import { CloudStackError, classify, maskedText } from '../../../cpi/cloudstack/errors.js';

const uuid = '7f2c1f5a-9a0b-4c3d-8e9f-001122334455';

const texts: readonly (readonly [kind: string, code: number, text: string])[] = [
  [
    'not-found',
    431,
    `Unable to execute API command deletevolume due to invalid value. Invalid parameter id value=${uuid} due to incorrect long value format, or entity does not exist or due to incorrect parameter annotation for the field in api cmd class.`,
  ],
  ['not-found', 431, 'Unable to find volume with ID: 4711'],
  ['not-found', 431, 'unable to find a virtual machine with id 12'],
  ['not-found', 431, 'Unable to find a virtual machine with specified vmId'],
  ['not-found', 431, 'unable to find template with id 203'],
  ['not-found', 431, 'Unable to find vm by id 7'],
  ['not-found', 431, "Network ID=204 doesn't exist"],
  ['not-found', 431, 'unable to find a snapshot with id 5'],
  ['not-found', 431, `Snapshot [Snapshot {"id":5,"uuid":"${uuid}"}] is already destroyed`],
  ['not-found', 431, 'No such volume'],
  ['invalid', 432, 'Hypervisor LXC does not support volume resize'],
  ['invalid', 432, 'Volume size: 2000 GB is out of allowed range. Min: 1. Max: 1024'],
  [
    'in-use',
    432,
    `Volume should be in ready or allocated state before attempting a resize. Volume ${uuid} is in state Resizing.`,
  ],
  [
    'in-use',
    530,
    `Failed to delete snapshot:com.cloud.exception.InvalidParameterValueException: Can't delete snapshot Snapshot {"id":5} due to it is in BackingUp Status`,
  ],
  [
    'in-use',
    431,
    'There is other active snapshot tasks on the instance to which the volume is attached, please try again later',
  ],
  [
    'in-use',
    530,
    'There is/are unbacked up snapshot(s) on this volume, resize volume is not permitted, please try again later.',
  ],
  [
    'capacity',
    530,
    `Failed to resize volume ${uuid} since the storage pool does not have enough space to accommodate new size for the volume disk, try with automigrate set to true`,
  ],
  [
    'capacity',
    530,
    `Volume resize failed for volume ID: ${uuid} as no suitable pool(s) with enough space found.`,
  ],
  ['auth', 401, 'unable to verify user credentials and/or request signature'],
  [
    'forbidden-api',
    432,
    'The API [listHosts] does not exist or is not available for the account joe.',
  ],
  [
    'forbidden-api',
    401,
    "The given command 'listHosts' either does not exist, is not available for user.",
  ],
  [
    'permission',
    530,
    'Parameter expunge can be passed by Admin only. Or when the allow.user.expunge.recover.vm key is set.',
  ],
  ['permission', 530, 'Account does not have permission for expunging.'],
  [
    'permission',
    530,
    'Expunging a vm can only be done by an Admin. Or when the allow.user.expunge.recover.vm key is set.',
  ],
  ['permission', 531, 'Acct[5-joe] does not have permission to operate with resource Acct[7-jane]'],
  ['internal-masked', 530, maskedText],
  ['internal-masked', 533, maskedText],
  [
    'capacity',
    533,
    'No destination found for a deployment for VM instance {"id":12,"instanceName":"i-2-12-VM"}',
  ],
  [
    'capacity',
    530,
    'Unable to acquire Guest IP address for network Network {"id": 204, "name": "n"}',
  ],
  ['capacity', 533, 'Insufficient address capacity'],
  ['conflict', 431, 'Allocating ip to guest nic 12 failed, please choose another ip'],
  [
    'conflict',
    431,
    'The vm with hostName vm-1 already exists in the network domain: cs2cloud.internal; network=NET_CS',
  ],
  ['conflict', 530, `tag name already on UserVm with id ${uuid}`],
  [
    'conflict',
    537,
    'Failed to enable static for the ip address 10.1.1.1 and vm id=3 as it is already assigned',
  ],
  [
    'limit',
    535,
    "Maximum amount of resources of Type = 'volume', tag = 'null' for Account Name = joe in Domain Id = 2 is exceeded: Account Resource Limit = 20.",
  ],
  [
    'limit',
    530,
    "exception while registering template: Maximum amount of resources of Type = 'template' is exceeded",
  ],
  ['in-use', 431, 'Please specify a volume that is not attached to any VM.'],
  ['in-use', 431, 'Unable to delete template: t because VM instances: [i-2-3-VM] are using it.'],
  [
    'in-use',
    431,
    'The template is either getting uploaded or it may be initiated shortly, please wait for it to be completed',
  ],
  [
    'throttled',
    429,
    'The given user has reached his/her account api limit, please retry after [37] ms.',
  ],
  ['invalid', 431, 'This disk offering requires a custom size specified'],
  [
    'invalid',
    431,
    'Unable to execute API command deployvirtualmachine due to missing parameter zoneid',
  ],
  ['capacity', 530, 'unable to find zone or an image store with enough capacity'],
  ['internal', 530, 'Failed to detach volume v from VM h'],
];

for (const [kind, code, text] of texts) {
  test(`${code} "${text.slice(0, 70)}" is ${kind}`, () => {
    expect(classify(code, text)).toBe(kind);
  });
}

test('a message has command, code, job, text and what to do, on one line', () => {
  const error = new CloudStackError({
    kind: 'auth',
    command: 'listZones',
    errorCode: 401,
    jobId: 'j1',
    text: 'unable to verify\nuser credentials',
  });
  expect(error.message).toBe(
    'CloudStack listZones failed with code 401 (job j1): unable to verify user credentials; ' +
      'check cloudstack.api_key and cloudstack.secret_access_key, and that the clock of this ' +
      'machine is right',
  );
});

test('a message names its job once', () => {
  const details = { kind: 'deadline', command: 'startVirtualMachine', jobId: 'j-1' } as const;
  for (const text of ['it was not finished', 'start of VM a (job j-1) was not finished']) {
    expect(new CloudStackError({ ...details, text }).message.match(/j-1/g)).toHaveLength(1);
  }
});
