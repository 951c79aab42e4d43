// What each line of the tables of errors has to be, written down by hand: a line of the CPI that is
// changed by mistake differs from it.
import type { errorTable, methodErrors } from '../../../../cpi/methods/call/error-table.js';

export interface ExpectedError {
  readonly type: string;
  /** Of failures that every method can meet: whether create_vm may be tried again. */
  readonly mayPass: boolean;
  /** What the message says to do, or what only it says. */
  readonly says: string;
}

const row = (type: string, mayPass: 'may pass' | 'stays', says: string): ExpectedError => ({
  type,
  mayPass: mayPass === 'may pass',
  says,
});

export const general: Readonly<Record<keyof typeof errorTable, ExpectedError>> = {
  'not-found': row('CloudError', 'stays', 'use the name or id of one of them'),
  auth: row('CloudError', 'stays', 'check cloudstack.api_key and cloudstack.secret_access_key'),
  'forbidden-api': row(
    'CloudError',
    'stays',
    'must be allowed to call it; `cloudstack-cpi permissions` prints that role',
  ),
  permission: row('CloudError', 'stays', 'ask the operator of the cloud'),
  invalid: row('CloudError', 'stays', 'correct what CloudStack names, in cloud_properties'),
  'in-use': row('CloudError', 'stays', 'delete it then'),
  conflict: row('CloudError', 'stays', 'remove or rename the one that is there'),
  capacity: row('CloudError', 'may pass', 'free resources, have hosts or storage added'),
  limit: row('CloudError', 'stays', 'raise the limit of the account or its domain'),
  internal: row('CloudError', 'may pass', 'the log of the management server has more'),
  'internal-masked': row('CloudError', 'may pass', 'hides the reason from ordinary users'),
  throttled: row('CloudError', 'may pass', 'raise api.throttling.max in CloudStack'),
  unavailable: row('CloudError', 'may pass', 'wait until the management server is back'),
  'not-cloudstack': row('CpiError', 'stays', 'it usually ends in /client/api'),
  unreachable: row('CloudError', 'may pass', 'the network between this machine and it'),
  'outcome-unknown': row('CloudError', 'may pass', 'look before repeating it'),
  'job-lost': row('CloudError', 'may pass', 'the job may have had an effect'),
  deadline: row('CloudError', 'may pass', 'raise cloudstack.state_timeout if this cloud is slow'),
  'registry-away': row('CloudError', 'may pass', 'see whether cloudstack-registry runs'),
  'registry-denied': row('CloudError', 'stays', 'registry.username and registry.password'),
  'registry-wrong': row('CloudError', 'stays', 'see whether registry.host and registry.port lead'),
  interrupted: row('CloudError', 'stays', 'repeat it when the interruption is over'),
  'wait-deadline': row('CloudError', 'may pass', 'raise cloudstack.state_timeout or cloudstack.st'),
  'wrong-state': row('CloudError', 'may pass', 'let `bosh cloud-check` repair the deployment'),
  blind: row('CloudError', 'may pass', 'look at it in CloudStack before you repeat the call'),
  image: row('CpiError', 'stays', 'upload the stemcell again, from an image that is whole'),
  'stemcell-server': row('CloudError', 'may pass', 'stemcell_server.url'),
  fault: row('CpiError', 'stays', 'This is a fault of the CPI: please report it'),
};

export const ofMethods: Readonly<
  Record<keyof typeof methodErrors, { type: string; okToRetry: boolean; says: string }>
> = {
  'vm-missing': { type: 'VMNotFound', okToRetry: false, says: '`bosh cloud-check` repair' },
  'disk-missing': { type: 'DiskNotFound', okToRetry: false, says: '`bosh cloud-check` repair' },
  'disk-in-use': { type: 'CloudError', okToRetry: false, says: 'Detach it there first' },
  'disk-elsewhere': { type: 'DiskNotAttached', okToRetry: false, says: 'is not attached to VM' },
  'disk-full': { type: 'NoDiskSpace', okToRetry: false, says: 'have hosts or storage added' },
  'disk-of-another-host': { type: 'CloudError', okToRetry: false, says: 'bosh recreate' },
  'host-of-disk': { type: 'VMCreationFailed', okToRetry: true, says: 'migrateVolume' },
  'may-pass': { type: 'VMCreationFailed', okToRetry: true, says: 'startVirtualMachine failed' },
  'address-taken': { type: 'VMCreationFailed', okToRetry: false, says: 'is held by VM' },
  'address-perhaps-taken': {
    type: 'VMCreationFailed',
    okToRetry: true,
    says: 'Probably one of the static addresses is taken',
  },
  'address-just-got': {
    type: 'VMCreationFailed',
    okToRetry: true,
    says: 'was free, and is held now by this account',
  },
  'not-in-place': { type: 'NotSupported', okToRetry: false, says: 'cannot be made smaller' },
  'never-done': { type: 'NotSupported', okToRetry: false, says: 'recreate it' },
  'unknown-method': { type: 'NotImplemented', okToRetry: false, says: 'is no method of the CPI' },
  'outside-of-the-cloud': { type: 'NotImplemented', okToRetry: false, says: '' },
  'bad-request': { type: 'CpiError', okToRetry: false, says: 'api_version' },
  'bad-argument': { type: 'CpiError', okToRetry: false, says: 'must be' },
  'bad-configuration': { type: 'CpiError', okToRetry: false, says: 'from 1 to' },
  'bad-cloud-properties': { type: 'CpiError', okToRetry: false, says: 'must be a whole number' },
};
