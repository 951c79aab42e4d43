#!/usr/bin/env node
import { realClock } from '../flow/clock.js';
import { assertKeyPair } from '../serving/key-pair.js';
import { openStemcellServer } from '../stemcell-server/open-server.js';
import { readStemcellServerConfiguration } from '../stemcell-server/stemcell-server-configuration.js';
import type { Swept } from '../stemcell-server/sweep.js';
import type { Logger } from './program-log.js';
import { runServerProgram } from './server-program.js';

const teaching = `
CloudStack downloads stemcells from here where it cannot take a direct upload. The CPI puts an image
here by WebDAV and removes it when CloudStack has its copy (stemcell.publish: webdav in cpi.json):

  name=$(uuidgen).qcow2
  curl -i -u stemcells:password -T root.qcow2 http://10.0.0.6:25778/$name
  curl -f -O http://10.0.0.6:25778/$name

Users see and do everything; everybody else gets only what has a name that cannot be guessed: one
with a UUID, or 32 hexadecimal digits. A smallest stemcell-server.json:

  { "stemcell_server": { "username": "stemcells", "password": "..." } }

All properties: docs/cpi/stemcell-server.md. The log is JSON, one object a line, on stderr. SIGTERM
ends the program when the uploads and downloads under way have ended, or after 10 seconds;
an upload that is cut off then leaves nothing.
Exit status: 0 stopped as asked, 2 wrong usage, 3 the configuration, the folder or the port does not
allow to start.`;

runServerProgram({
  name: 'cloudstack-stemcell-server',
  description: 'A WebDAV server from which CloudStack downloads images of stemcells.',
  defaultConfigPath: '/var/vcap/jobs/cloudstack_stemcell_server/config/stemcell-server.json',
  readyFile: '{"endpoint", "public_url", "pid"}',
  teaching,
  start: async ({ configuration: { text, path }, port, redactor, log }) => {
    const { server: asked, warnings, secrets } = readStemcellServerConfiguration(text, path);
    redactor.add(secrets);
    assertKeyPair(asked.tls, 'stemcell_server', path);
    for (const warning of warnings) log.warn(`configuration: ${warning}`);
    const server = await openStemcellServer({
      host: asked.host,
      port: port ?? asked.port,
      tls: asked.tls,
      directory: asked.directory,
      users: [asked, ...asked.additional_users],
      publicUrl: asked.public_url?.replace(/\/+$/, ''),
      downloadsMax: asked.downloads_max,
      imageBytesMax: asked.image_max_gib * 1024 ** 3,
      idleTimeoutMs: asked.idle_timeout_seconds * 1000,
      imagesOlderThanMs:
        asked.sweep_after_hours === 0 ? undefined : asked.sweep_after_hours * 3_600_000,
      clock: realClock,
      newId: () => crypto.randomUUID(),
      onAccess: (line) => {
        if (line.status === 507) log.warn('request', line);
        else log.access(line);
      },
      onUnreadable: (line) => {
        log.info('no request', line);
      },
      onFailure: (failure) => {
        log.error((failure as Error).message);
      },
      onRecovery: () => {
        log.info('the folder can be read and written again');
      },
      onSwept: (swept) => {
        tellSwept(swept, log);
      },
    });
    return {
      ready: { endpoint: server.endpoint, public_url: server.publicUrl },
      facts: { directory: asked.directory },
      stop: (withinMs) => server.stop(withinMs),
    };
  },
});

function tellSwept({ putBack, images, uploads }: Swept, log: Logger): void {
  if (putBack.length > 0) {
    log.warn('back is what had given way to something that did not come', { paths: putBack });
  }
  if (images.length > 0 || uploads > 0) log.info('swept', { images, uploads });
}
