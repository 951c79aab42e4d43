import { integer, optional, port, publicUrl, text, withDefault } from '../config/property.js';
import { serverUsers, tlsKeyPair } from '../config/server-property.js';

/**
 * The section `stemcell_server` of stemcell-server.json: the one place from which validation and
 * the page of the documentation follow.
 */
export const stemcellServerProperties = {
  host: withDefault(text, '0.0.0.0', {
    description: 'Address to listen on.',
    example: '10.0.0.6',
  }),
  port: withDefault(port, 25_778, {
    description:
      'Port to listen on; `--port` on the command line overrides it. The secondary storage VM is ' +
      'kept from ports 80 and 443 of private addresses unless `secstorage.allowed.internal.sites` ' +
      'allows them; other ports it reaches.',
    example: 25_778,
  }),
  ...serverUsers({
    description: 'User of the CPI, and of operators: `stemcell_server.username` in cpi.json.',
    example: 'stemcells',
  }),
  directory: withDefault(text, '/var/vcap/store/cloudstack_stemcell_server', {
    description:
      'Folder of the images. An image is there from its upload until CloudStack has its copy, so ' +
      'it has to take one or two: unpacked stemcells have 3 to 5 GiB. Two servers never serve the ' +
      'same folder.',
    example: '/var/vcap/store/cloudstack_stemcell_server',
  }),
  public_url: optional(publicUrl, {
    description:
      'Where the secondary storage VM reaches this server, if not at the address that the CPI ' +
      'sends to: behind a proxy or a translated address.',
    example: 'http://203.0.113.6:25778',
  }),
  tls: optional(tlsKeyPair, {
    description:
      'Certificate and key to serve HTTPS with. The secondary storage VM takes only certificates ' +
      'that its Java trusts; without `tls` the server serves plain HTTP, and the checksum with ' +
      'which a stemcell is registered keeps others from changing it on the way.',
    example: {
      certificate: '-----BEGIN CERTIFICATE-----…',
      private_key: '-----BEGIN PRIVATE KEY-----…',
    },
    secret: true,
  }),
  downloads_max: withDefault(integer('downloads', { min: 1, max: 10_000 }), 32, {
    description:
      'How many downloads run at a time. The next ones wait for up to a minute, and are then ' +
      'answered 503.',
    example: 32,
  }),
  image_max_gib: withDefault(integer('GiB', { min: 1, max: 65_536 }), 50, {
    description: "Largest image that is taken; CloudStack's own limit is max.template.iso.size.",
    example: 50,
  }),
  idle_timeout_seconds: withDefault(integer('seconds', { min: 1, max: 86_400 }), 60, {
    description:
      'How long an upload or a download may stand still before it is ended. Waiting for a place, or ' +
      'for the disk of the server, does not count.',
    example: 60,
  }),
  sweep_after_hours: withDefault(integer('hours', { min: 0, max: 8_760 }), 24, {
    description:
      'How old an image of the CPI may become: the CPI removes each as soon as CloudStack has its ' +
      'copy, unless it is killed before. 0 keeps them. Images that operators have put here by ' +
      'other names are kept anyway.',
    example: 24,
  }),
} as const;
