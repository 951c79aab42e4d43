import { propertyText } from '../config/documentation.js';
import type { Property } from '../config/property.js';
import { cloudStackProperties } from './registry-configuration.js';
import { registryProperties } from './registry-properties.js';

/** The page about registry.json and the registry's HTTP API. */
export function registryPage(): string {
  const parts = [
    '# The registry',
    '<!-- Generated from cpi/registry/ by `npm run build`. -->',
    'Agents of stemcells with an `api_version` below 2 read their settings from a registry. Current ' +
      'stemcells get them as user data: a Director that has no other stemcells needs no registry.',
    '```sh\ncloudstack-registry --config registry.json\n```',
    'The CPI is told of it by the section `registry` of [cpi.json](configuration.md#registry).',
    '## HTTP API',
    'As the BOSH registry has it, on `/instances/NAME/settings`, where NAME is the id of the VM or, ' +
      'of those that earlier CPIs made, its name:',
    [
      '- `GET`, by a user or (`check_source_address`) the VM itself: 200 ' +
        '`{"status":"ok","settings":"…"}`, the settings as a text that holds JSON; 404 `not_found`',
      '- `PUT`, by a user, the body a JSON object: 200 `{"status":"ok"}` once it is on disk; 400 ' +
        '`bad_request`, 413 `too_large`',
      '- `DELETE`, by a user: 200 `{"status":"ok"}`, also where there is nothing',
    ].join('\n'),
    'Users authenticate by HTTP Basic; anyone else gets 401 `access_denied`. Where the store cannot ' +
      'do it now, the answer is 503 `unavailable`. `GET /health` is 200 as long as the store works ' +
      'and needs no user. Unlike the BOSH registry, this one gives a reader on 127.0.0.1 nothing ' +
      'without credentials: behind a proxy everyone would be 127.0.0.1.',
    '## Files',
    'The store `file` is an SQLite database and journals beside it, named after it (`….journal-1`). ' +
      'A change is in the journal and on disk before it is acknowledged; journals are put into the ' +
      'database as they grow. A backup is a copy of all of them. Two registries never serve the ' +
      'same files: the second refuses to start.',
    '## registry',
    ...Object.entries(registryProperties).map(([key, property]) =>
      propertyText(key, property as Property<unknown>),
    ),
    '## cloudstack',
    'Only for `check_source_address`: an account that sees the VMs.',
    ...Object.entries(cloudStackProperties).map(([key, property]) =>
      propertyText(key, property as Property<unknown>),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}
