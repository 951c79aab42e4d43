import { responseObject, stringField, type Field } from '../../declare/response.js';
import type { VmRow } from '../../world/entities.js';
import { virtualMachineResponse } from './virtual-machine-response.js';

/** A VM as the job shows it that may have given it a password: nothing else ever shows that. */
export interface VmWithPassword {
  readonly vm: VmRow;
  /** Null if the job gave it none. */
  readonly password: string | null;
}

export const vmWithPasswordResponse = responseObject<VmWithPassword>(virtualMachineResponse.name, {
  ...Object.fromEntries(
    Object.entries(virtualMachineResponse.fields).map(([name, field]) => [name, ofVm(field)]),
  ),
  password: stringField(({ password }) => password),
});

function ofVm(field: Field<VmRow>): Field<VmWithPassword> {
  return { ...field, value: ({ vm }, view) => field.value(vm, view) };
}
