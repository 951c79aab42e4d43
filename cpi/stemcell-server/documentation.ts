import { propertyText } from '../config/documentation.js';
import type { Property } from '../config/property.js';
import { stemcellServerProperties } from './stemcell-server-properties.js';

/** The page about the stemcell server: its HTTP, its files, and stemcell-server.json. */
export function stemcellServerPage(): string {
  const parts = [
    '# The stemcell server',
    '<!-- Generated from cpi/stemcell-server/ by `npm run build`. -->',
    'CloudStack downloads a template by a URL. Where it cannot take a direct upload ' +
      '(`stemcell.publish: upload`, the default, which needs no server), the CPI puts the image here, ' +
      'registers it with its checksum, waits until CloudStack has its copy, and removes it: ' +
      '`stemcell.publish: webdav` in cpi.json. With `create-env` the CPI opens a server itself, for ' +
      'the length of the call: for `bosh create-env`, where no server is yet.',
    '```sh\ncloudstack-stemcell-server --config stemcell-server.json\n```',
    'In a clone of the repository `npm run build` makes it, and `npx cloudstack-stemcell-server` runs it.',
    commandLine,
    stopping,
    'A smallest stemcell-server.json, and what goes with it in cpi.json:',
    '```json\n' +
      '{ "stemcell_server": { "username": "stemcells", "password": "your-password" } }\n' +
      '```',
    inCpiJson,
    'By hand, with curl:',
    `\`\`\`sh\n${curlCommands.join('\n')}\n\`\`\``,
    '## Without a server',
    'With `stemcell.publish: create-env` the CPI listens itself, on `host` and `port` of ' +
      '`stemcell_server` in cpi.json, from the moment on when CloudStack is to download the image ' +
      'until it has its copy. It serves that image alone, under a name that cannot be guessed, and ' +
      'writes nothing: a call that is killed leaves no image, and a template that fails, which ' +
      '`cloudstack-cpi gc` finds when it is a day old, and removes with `--delete`. Two such calls at once on one machine need two ports.',
    '```json\n' +
      '{ "stemcell": { "publish": "create-env" }, "stemcell_server": { "host": "10.0.0.6" } }\n' +
      '```',
    'A disk that is on a web server already needs neither: `image_url` in the cloud_properties of a ' +
      'stemcell says where CloudStack downloads it, see [cloud-properties.md](cloud-properties.md).',
    '## Who gets what',
    whoGetsWhat,
    '## HTTP and WebDAV',
    methods.join('\n'),
    manners,
    'Names have up to 200 bytes and begin with no dot; a path has up to 8. Control characters and ' +
      '`/ \\ # ? % * : | " < >` are in none. Nothing can be put at `/health`, or below it: that tells ' +
      'how the server is.',
    log,
    '## Files',
    files,
    '## In the network',
    'With `tls` it serves HTTPS, and plain HTTP no more. Certificate and key are the texts of PEM files, the ' +
      'certificate of the server before those of its authorities, the key without a passphrase:',
    `\`\`\`sh\n${tlsCommands.join('\n')}\n\`\`\``,
    'The CPI trusts the certificate of the server by `cloudstack.ca_cert` of cpi.json, ' +
      'besides the well-known ones: put the authority of both there. `stemcell_server.url` begins ' +
      'with https:// then. The secondary storage VM trusts what its Java does: an authority of your own ' +
      'has to be put there, or the download fails. A TLS that cannot be set up, as with a client that ' +
      'does not trust the certificate, is in the log.',
    'The secondary storage VM must reach the server. From addresses of its private network it gets to ' +
      'ports 80 and 443 only where the setting `secstorage.allowed.internal.sites` allows it. It ' +
      'follows no redirects and speaks no IPv6. What goes wrong on its way is the status of the ' +
      'template, which the CPI tells.',
    '## stemcell_server',
    ...Object.entries(stemcellServerProperties).map(([key, property]) =>
      propertyText(key, property as Property<unknown>),
    ),
  ];
  return `${parts.join('\n\n')}\n`;
}

const inCpiJson =
  '```json\n' +
  '{\n' +
  '  "stemcell": { "publish": "webdav" },\n' +
  '  "stemcell_server": {\n' +
  '    "url": "http://10.0.0.6:25778",\n' +
  '    "username": "stemcells",\n' +
  '    "password": "your-password"\n' +
  '  }\n' +
  '}\n' +
  '```';

const commandLine =
  'Without `--config` it reads `/var/vcap/jobs/cloudstack_stemcell_server/config/stemcell-server.json`. ' +
  '`--port 0` picks a free port; `--ready-file FILE` is written as soon as requests are served: ' +
  '`{"endpoint": "http://10.0.0.6:25778", "public_url": "http://10.0.0.6:25778", "pid": 4711}`, and removed ' +
  'when it is told to stop. `public_url` is left out where the server listens at all addresses ' +
  '(the default) and is not told how others reach it.';

const stopping =
  'SIGTERM and SIGINT stop it: it takes no more connections, and ends when the uploads and downloads ' +
  'under way have ended, or after 10 seconds (bpm kills after 15); an upload that is cut off then leaves nothing. It exits ' +
  'with 0 when it has stopped as asked, 2 for a command line that is wrong, and 3 where the ' +
  'configuration, the folder or the port does not allow to start, or it could not stop as it should.';

const curlCommands = [
  'url=http://10.0.0.6:25778',
  'user=stemcells:your-password',
  'name=$(cat /proc/sys/kernel/random/uuid).qcow2',
  '# put an image, in the place of none',
  `curl -f -u "$user" -H 'If-None-Match: *' -T root.qcow2 "$url/$name"`,
  '# what there is',
  `curl -f -u "$user" -X PROPFIND -H 'Depth: 1' "$url/"`,
  '# as CloudStack downloads it',
  'curl -f -o downloaded.qcow2 "$url/$name"',
  '# remove it',
  'curl -f -u "$user" -X DELETE "$url/$name"',
  'curl -f "$url/health"',
];

const tlsCommands = [
  'jq --rawfile certificate server.pem --rawfile key server.key \\',
  "  '.stemcell_server.tls = {certificate: $certificate, private_key: $key}' \\",
  '  stemcell-server.json > stemcell-server-tls.json',
];

const log =
  'The log is JSON, one object a line, on stderr: a line for each request when it has ended, with its ' +
  'status (499 where its connection ended before it had any), how long it took, and why it was refused; ' +
  'one for what came over a connection and was no request; and one for what the server did or could not do. ' +
  'It holds names whole, also those that cannot be guessed: keep it from those who are not to have the images.';

const methods = [
  '- `GET`, `HEAD`: the image, with `Content-Length`, `ETag` and `Last-Modified`; parts (`Range`, ' +
    '`If-Range`: 206, 416) and conditions (`If-None-Match`, `If-Modified-Since`: 304; `If-Match`, ' +
    '`If-Unmodified-Since`: 412). Of several parts the whole is sent. Where `downloads_max` are ' +
    'running the next one waits up to a minute, and is then answered 503.',
  '- `PUT`: 201, or 204 where something was there, once the image is whole and on disk; ' +
    'before, nobody sees anything of it, and one that breaks off leaves what was there. A length ' +
    '(`Content-Length`) and a SHA-256 (`Repr-Digest`, `Content-Digest`, or `Digest`) that the ' +
    'client sends must be right, otherwise 400. `If-None-Match: *` replaces nothing (412). ' +
    'An image is taken as it is: 415 with a `Content-Encoding`. ' +
    '507 when the disk is full (a warning in the log), 413 above `image_max_gib`, 409 without the collection, 405 for ' +
    'one, 403 for a name that cannot be. The answer says where the image is to be had ' +
    '(`Location`) and its SHA-256 (`Repr-Digest`).',
  '- `PUT`, `DELETE`, `COPY`, `MOVE` heed `If-Match`, `If-None-Match` and `If-Unmodified-Since`, of ' +
    'what is at their path at that moment: 412, and nothing has changed. `If` of RFC 4918, which is ' +
    'for locks, is never met: 412.',
  '- `DELETE`: 204; downloads of what is deleted end.',
  '- `PROPFIND`: a listing, of `Depth` 0 or 1 (403 for infinity, as RFC 4918 allows), of however many ' +
    'images: it is sent while they are read. Bodies that are no PROPFIND, or have a document type, are answered 400, those above 64 KiB, or ' +
    'that ask for more names of properties than 8 KiB, 413.',
  '- `MKCOL`, `COPY` (which costs no space, on a disk with hard links), `MOVE`: for clients of operators. An image takes the ' +
    'place of another in one step. What holds the source is not replaced by it, and nothing comes ' +
    'into itself: 409.',
  '- `PROPPATCH`, `LOCK` and all else: 405. Properties of its own an image cannot have; `OPTIONS` ' +
    'says `DAV: 1`.',
];

const files =
  'Images are plain files in `directory`, collections are folders; `.staging` holds uploads until ' +
  'they are whole. Symbolic links are as if they were not there. What a killed process left in ' +
  '`.staging` is removed when the server starts, and every hour, as are images of the CPI ' +
  '(`stemcell-UUID.…`) that are older than `sweep_after_hours`; what cannot be read or removed is ' +
  'left, and logged. While a collection takes the place of something, or something that of a ' +
  'collection (`MOVE`, `COPY`), what was there is beside it as `.replaced-NAME`: the next sweep after ' +
  'a kill, or after a disk that did not let it be taken back, at the start or of the hour, puts it back and says so in the log, or removes it where the new one has come. Two ' +
  'servers never serve the same folder: the second refuses to start. The folder is to be on a disk of ' +
  'the machine (ext4, xfs): the lock is a socket in it, which others do not know, and without hard links nothing can be ' +
  'copied, and an image that is put in the place of another is not taken back where its disk fails. ' +
  'Nothing here needs a backup: the CPI puts an image anew for each stemcell.';

const manners =
  'What is refused is told why, in a sentence of plain text, which is in the log, too, and which the CPI ' +
  'passes on; only conditions and parts of `GET` (412, 416) come without one. What the disk does not do is answered 500, and told in the log with what to do; it is taken back then: ' +
  'whatever is refused or fails has changed nothing, as long as the disk allows to take it back and the power stays; ' +
  'where it does not, the log tells where what was there is kept, and until when: the next start, or the next sweep. ' +
  'Every method honours `Expect: 100-continue`; other expectations are answered 417. The header of a request comes ' +
  'within 30 seconds, or is answered 408; it has up to 16 KiB (431). The rest of a ' +
  'body that nobody needs for the answer is read for 20 seconds at most; then the connection ends. The requests of a connection ' +
  'are answered one after the other. Paths are told apart by upper and lower case, `/health` as well.';

const whoGetsWhat =
  'Users authenticate by HTTP Basic, and see and do everything. Everybody else gets, by `GET` and ' +
  '`HEAD`, only what has a name that cannot be guessed: one with a UUID, or with 32 hexadecimal ' +
  'digits; in a collection with such a name, everything. Any other request without a user is answered ' +
  '401, whether there is something or not, however busy the server is. Two answers need no user, as they ' +
  'tell nothing of what there is: `OPTIONS` without credentials, of any path, tells what the server can ' +
  'do (200; with wrong ones 401, so that clients can try theirs), and a method that it cannot do is ' +
  'answered 405. `GET /health` needs no user. It is 200 as long as the folder can be read ' +
  'and written, and 503 while its disk is full, or it is gone; then all else is answered 503, too. ' +
  'The disk is asked once a second at most, and the log tells of a failure when it begins, and when it is over.';
