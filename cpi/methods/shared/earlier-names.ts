/**
 * The names that the Java and the Go CPI gave (CPIImpl.java; config/const.go): what they left has
 * no marks. Work VMs are for the length of a create_stemcell (CPIImpl.mockTemplateGeneration).
 */
export const earlierNames = {
  vm: /^cpivm-/,
  workVm: /^cpi-stemcell-work-/,
  disk: /^cpi-disk-/,
  ephemeralDisk: /^cpi-ephemeral-disk-/,
  template: /^cpitemplate-/,
} as const;
