import { stateTable } from '../state-table.js';

export type TemplateState =
  'Active' | 'Inactive' | 'NotUploaded' | 'UploadInProgress' | 'UploadError' | 'UploadAbandoned';

export type TemplateEvent =
  | 'UploadRequested'
  | 'OperationSucceeded'
  | 'OperationFailed'
  | 'OperationTimeout'
  | 'DestroyRequested';

/** The states of a template (com.cloud.template.VirtualMachineTemplate). */
export const templateStates = stateTable<TemplateState, TemplateEvent>({
  entity: 'template',
  initial: ['Active', 'NotUploaded'],
  transitions: [
    ['NotUploaded', 'UploadRequested', 'UploadInProgress'],
    ['NotUploaded', 'OperationSucceeded', 'Active'],
    ['NotUploaded', 'OperationFailed', 'UploadError'],
    ['NotUploaded', 'OperationTimeout', 'UploadAbandoned'],
    ['UploadInProgress', 'OperationSucceeded', 'Active'],
    ['UploadInProgress', 'OperationFailed', 'UploadError'],
    ['UploadInProgress', 'OperationTimeout', 'UploadError'],
    ['Active', 'DestroyRequested', 'Inactive'],
    ['UploadError', 'DestroyRequested', 'Inactive'],
    ['UploadAbandoned', 'DestroyRequested', 'Inactive'],
  ],
});
