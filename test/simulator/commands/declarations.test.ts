// Proves of all commands at once what a client takes for granted: the wrapper that CloudStack answers
// under, which is not always the command's name, and the release in which each parameter came.
import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { commands } from '../../../simulator/commands/index.js';
import { wrapperOf } from '../../../simulator/declare/command.js';

/** The commands whose annotation or getCommandName has a name that is not their own. */
const wrappers: Readonly<Record<string, string>> = {
  activateProject: 'activaterojectresponse',
  addIpToNic: 'addiptovmnicresponse',
  addImageStoreS3: 'addImageStoreS3Response',
  archiveSnapshot: 'createsnapshotresponse',
  cancelStorageMaintenance: 'cancelprimarystoragemaintenanceresponse',
  checkVolume: 'checkandrepairvolumeresponse',
  cleanVMReservations: 'cleanvmreservationresponse',
  copyIso: 'copytemplateresponse',
  createAutoScalePolicy: 'autoscalepolicyresponse',
  createAutoScaleVmGroup: 'autoscalevmgroupresponse',
  createAutoScaleVmProfile: 'autoscalevmprofileresponse',
  createCondition: 'conditionresponse',
  createCounter: 'counterresponse',
  createLBStickinessPolicy: 'createLBStickinessPolicy',
  createVMFromBackup: 'deployvirtualmachineresponse',
  deleteLBStickinessPolicy: 'deleteLBstickinessrruleresponse',
  deletePortableIpRange: 'deleteportablepublicipresponse',
  deployVnfAppliance: 'deployvirtualmachineresponse',
  disableAutoScaleVmGroup: 'disableautoscalevmGroupresponse',
  enableAutoScaleVmGroup: 'enableautoscalevmGroupresponse',
  enableStorageMaintenance: 'prepareprimarystorageformaintenanceresponse',
  getUploadParamsForIso: 'postuploadisoresponse',
  getUploadParamsForTemplate: 'postuploadtemplateresponse',
  getUploadParamsForVolume: 'postuploadvolumeresponse',
  listCounters: 'counterresponse',
  listInternalLoadBalancerVMs: 'listinternallbvmsresponse',
  listIsoPermissions: 'listtemplatepermissionsresponse',
  listNetworkDevice: 'listnetworkdevice',
  listPortableIpRanges: 'listportableipresponse',
  listSecondaryStagingStores: 'listsecondarystagingstoreresponse',
  listVnfTemplates: 'listtemplatesresponse',
  moveNetworkAclItem: 'moveNetworkAclItemResponse',
  registerVnfTemplate: 'registertemplateresponse',
  releasePodIpAddress: 'releasepodipresponse',
  removeFromGlobalLoadBalancerRule: 'removefromloadbalancerruleresponse',
  resetSSHKeyForVirtualMachine: 'resetSSHKeyforvirtualmachineresponse',
  restoreVirtualMachine: 'restorevmresponse',
  scaleSystemVm: 'changeserviceforsystemvmresponse',
  startInternalLoadBalancerVM: 'startinternallbvmresponse',
  stopInternalLoadBalancerVM: 'stopinternallbvmresponse',
  updateImageStore: 'updateImageStore',
  updateNetworkACLItem: 'createnetworkaclresponse',
  updateObjectStoragePool: 'updateObjectStoragePool',
  updateVMAffinityGroup: 'updatevirtualmachineresponse',
  updateVnfTemplate: 'updatetemplateresponse',
};

test('every command has the wrapper that CloudStack gives it', () => {
  const expected = commands.map(
    ({ name }) => `${name}: ${wrappers[name] ?? `${name.toLowerCase()}response`}`,
  );
  expect(commands.map((command) => `${command.name}: ${wrapperOf(command)}`)).toEqual(expected);
  expect(commands.filter(({ name }) => name in wrappers).length).toBeGreaterThan(5);
});

test('every parameter has come with the release that CloudStack names', () => {
  const url = new URL('../../vectors/api/parameter-since.json', import.meta.url);
  const since = JSON.parse(readFileSync(url, 'utf8')) as Record<string, Record<string, string>>;
  const pairs = commands.flatMap(({ name, parameters }) =>
    Object.entries(parameters).flatMap(([parameter, { options }]) => {
      const release = since[name]?.[parameter];
      return release === undefined
        ? []
        : [{ what: `${name} ${parameter}`, release, declared: options.since }];
    }),
  );
  expect(pairs.length).toBeGreaterThan(80);
  expect(pairs.filter(({ release, declared }) => release !== declared)).toEqual([]);
});
