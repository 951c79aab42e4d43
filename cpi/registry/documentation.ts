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
    'In a clone of the repository `npm run build` makes it, and `npx cloudstack-registry` runs it. A ' +
      'smallest registry.json:',
    '```json\n{ "registry": { "username": "registry", "password": "your-password" } }\n```',
    'The CPI is told of it by the section `registry` of [cpi.json](configuration.md#registry).',
    ...running,
    ...byHand,
    '## HTTP API',
    ...httpApi,
    '## Files',
    ...files,
    ...backup,
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

const running = [
  '## Start, stop and log',
  'Without `--config` it reads `/var/vcap/jobs/cloudstack_registry/config/registry.json`. `--port 0` ' +
    'picks a free port; `--ready-file FILE` is written as soon as requests are served, and removed ' +
    'when the registry is told to stop: `{"endpoint": "http://10.0.0.6:25777", "pid": 4711}`.',
  'SIGTERM (or SIGINT) ends it: no new requests are taken, those under way are answered within 10 ' +
    'seconds, or cut off; what PostgreSQL is asked then is waited for 15 seconds at most. Exit ' +
    'status: 0 stopped as asked, 2 wrong usage, 3 the configuration, the store or the port does not ' +
    'allow to start, or it could not stop as it should. A kill does no harm: what was acknowledged ' +
    'is there at the next start.',
  'The log is JSON, one object a line, on stderr: a line for each request, and lines for what an ' +
    'operator should know, with `level` `warn` or `error`. A request that was refused has its ' +
    '`reason` there. One whose connection ended before its answer was out has `aborted`, and 499 as its ' +
    'status where it had none by then: a change may have been made all the same. Passwords, settings ' +
    'and queries are never in it.',
  code('text', [
    '{"level":"info","time":"2026-11-26T09:00:00.000Z","method":"GET","path":"/instances/vm-1/settings",' +
      '"status":401,"durationMs":1,"from":"10.0.0.5","reason":"user or password wrong, and ' +
      'check_source_address is off","msg":"request"}',
  ]),
];

const curl = 'curl -fsS -u "$USER_OF_REGISTRY:$PASSWORD_OF_REGISTRY"';

const byHand = [
  '## By hand',
  'Whether it works, the names of all settings, and the settings of a VM, which are put from a file ' +
    'and removed:',
  code('sh', [
    'curl -fsS "$REGISTRY/health"',
    `${curl} "$REGISTRY/instances"`,
    `${curl} -T settings.json "$REGISTRY/instances/vm-1/settings"`,
    `${curl} "$REGISTRY/instances/vm-1/settings" | jq -r .settings | jq .`,
    `${curl} -X DELETE "$REGISTRY/instances/vm-1/settings"`,
  ]),
  '`REGISTRY` is `http://10.0.0.6:25777`. Without `-f`, curl shows the reason of a refusal. For HTTPS ' +
    'the configuration holds certificate and key as texts:',
  code('sh', [
    'jq -n --rawfile certificate cert.pem --rawfile private_key key.pem \\',
    '  \'{registry: {username: "registry", password: "your-password", tls: {$certificate, $private_key}}}\' \\',
    '  > registry.json',
  ]),
  '`curl --cacert cert.pem https://10.0.0.6:25777/health` then trusts a certificate that signs itself.',
];

const backup = [
  '## Backup',
  'Of any store, while it runs: the settings of each VM in a file of its own. They hold passwords.',
  code('sh', [
    'umask 077 && mkdir backup',
    `for name in $(${curl} "$REGISTRY/instances" | jq -r '.instances[]'); do`,
    `  ${curl} "$REGISTRY/instances/$name/settings" | jq -j .settings > "backup/$name.json"`,
    'done',
  ]),
  'They are put back, over what is there:',
  code('sh', [
    'for file in backup/*.json; do',
    `  ${curl} -T "$file" "$REGISTRY/instances/$(basename "$file" .json)/settings"`,
    'done',
  ]),
  'Of the store `file`, while the registry does not run (`monit stop cloudstack_registry`): all of ' +
    'its files together, as `STORE` is the folder that they are in.',
  code('sh', ['mkdir files && cp -a "$STORE"/registry.sqlite* files/']),
  'To go back to them, again while it does not run, nothing that came after them may stay:',
  code('sh', ['rm -f "$STORE"/registry.sqlite*', 'cp -a files/registry.sqlite* "$STORE"/']),
];

function code(language: string, lines: readonly string[]): string {
  return ['```' + language, ...lines, '```'].join('\n');
}

const httpApi = [
  'As the BOSH registry has it, on `/instances/NAME/settings`, where NAME is the id of the VM or, ' +
    'of those that earlier CPIs made, its name:',
  [
    '- `GET`, by a user or (`check_source_address`) the VM itself: 200 ' +
      '`{"status":"ok","settings":"…"}`, the settings as a text that holds JSON, and their ' +
      '`ETag`; 404 `not_found`; with `If-None-Match`, 304 where it is still the same',
    '- `PUT`, by a user, the body a JSON object: 200 `{"status":"ok"}` once it is on disk; 400 ' +
      '`bad_request`, 413 `too_large`',
    '- `DELETE`, by a user: 200 `{"status":"ok"}`, also where there is nothing',
  ].join('\n'),
  'A refusal has its `reason` beside its `status`: `{"status":"bad_request","reason":"…"}`. What is no ' +
    'request of HTTP/1.1, breaks off (400), comes too slowly (408), has another `Expect` than ' +
    '100-continue (417) or a header above 16 KiB (431), or is a `CONNECT` (405), is told why in ' +
    'plain text.',
  'All of them heed `If-Match`, `PUT` and `DELETE` `If-None-Match`, too: 412 `precondition_failed` ' +
    'where what is there, or that nothing is, does not fit. Settings have no date: conditions on ' +
    'dates do not count.',
  'And on `/instances`: `GET`, by a user: 200 `{"status":"ok","instances":["NAME",…]}`. The CPI ' +
    'changes settings with `If-Match`, so that calls at once lose nothing of each other; the BOSH ' +
    'registry and others do not know it, and are read again after a change.',
  'A request comes within 30 seconds, or is answered 408; the rest of a body that nobody needs for the ' +
    'answer is read for 20 seconds at most. Then the connection ends.',
  'Users authenticate by HTTP Basic; anyone else gets 401 `access_denied`, whether there is ' +
    'something or not. Where the store, or CloudStack that is asked for an address, cannot do it now, the answer ' +
    'is 503 `unavailable`; 500 `error` is a fault, which the log tells. Unlike the BOSH ' +
    'registry, this one gives a reader on 127.0.0.1 nothing without credentials: behind a proxy ' +
    'everyone would be 127.0.0.1.',
  '`GET /health` is 200 as long as the store works and needs no user; the store is asked once a second ' +
    'at most. It is 503 from when a change ' +
    'could not be written, because the disk is full, until there is room for it again, and as long ' +
    'as the database is away. After a sync that failed, or a write that could not be taken back, it ' +
    'is 503 until a restart: nothing is written then, as only a start finds out what the disk has.',
  'A reader without credentials makes the registry ask CloudStack for the addresses of the VM, also ' +
    'where no settings are, each time anew, as an address may have another VM by the next. So an address may ask ten times at ' +
    'once and then once a second, 4 such questions are under way at a time, and 100 more wait: ' +
    'otherwise the answer is 429 `too_many_requests`. Users are never limited.',
  'An address of a NIC counts only where no other network of the owner of the VM has it in its ' +
    'range: isolated networks may have the same range, and a request does not tell from which of ' +
    'them it comes. Their VMs get 401, and the log says which networks they are; agents there need ' +
    'credentials in their endpoint ([registry.credentials_in_endpoint]' +
    '(configuration.md#credentials_in_endpoint)). A public address counts where it is the own one ' +
    'of the VM (static NAT). Networks outside of CloudStack are not known to it: whatever else ' +
    'reaches the registry must not have addresses of the networks of VMs. The account needs ' +
    '`listVirtualMachines` and `listNetworks`.',
];

const files = [
  'The store `file` is an SQLite database and journals beside it, named after it (`….journal-1`). ' +
    'A change is in the journal and on disk before it is acknowledged; journals are put into the ' +
    'database as they grow. Each says what it goes on from and, once it has ended, what goes on from ' +
    'it: where something is lost, as one of the files is missing, cut off or of another moment, the registry does not ' +
    'start, and says which one it is and how to go on without it. (Of the journal that is written ' +
    'to, the end alone may go and not be missed. As long as `….journal-1` is there the journals have ' +
    'everything, and a database that is missing is made again of them.) Where all of them are missing it starts empty, ' +
    'and the log says so. A backup is a copy of all of them as they are at one moment: while the ' +
    'registry does not run, or of a snapshot of the disk. Two registries never serve the same ' +
    'files: the second refuses to start, by whatever path, symbolic link or mount it comes to them, also ' +
    'from another container of the machine (a socket `.….lock-…` in the folder, which ends with ' +
    'its process). Of machines that share a folder over a network only one may run a registry: ' +
    'no lock reaches the others.',
  'That nothing acknowledged is lost is tried by `npm run durability`, which kills the registry ' +
    '(SIGKILL) again and again while 4 clients write to it and remove from it, and takes the power ' +
    'from a simulated disk at any operation, also after one that failed to sync: what was not synced is ' +
    'dropped, torn or changed. On 2026-11-26 ' +
    '`npm run durability -- --kills 1000 --power-cuts 1000 --seed 20261126` lost nothing, and every ' +
    "start succeeded but for those at which the disk failed to sync, which ended with the disk's " +
    'error: 4,058 power cuts and kills in 1,000 lives of a store, with 591 failed syncs and ' +
    '23,775 changes acknowledged, and 1,000 kills of the registry with 46,525, in which 570 ' +
    'database files were written. How long requests wait while journals are put into the database ' +
    'is measured by `npm run bench -- --only registry`, beside bare appends with fsync to the same ' +
    'disk in the same moments.',
];
