import { newestApiVersion } from '../protocol/request.js';
import { defineOfflineMethod } from './call/method.js';

/** The image formats that create_stemcell takes, as stemcell manifests name them. */
export const stemcellFormats: readonly string[] = [
  'cloudstack-vhdx',
  'cloudstack-vhd',
  'cloudstack-qcow2',
  'cloudstack-raw',
  'cloudstack-ova',
  'openstack-qcow2',
  'openstack-raw',
];

export const info = defineOfflineMethod({
  name: 'info',
  summary: 'Says which CPI API version and which stemcell formats this CPI supports.',
  run: () => ({ api_version: newestApiVersion, stemcell_formats: stemcellFormats }),
});
