import { toBoshError } from '../methods/call/bosh-errors.js';
import type { Call } from '../methods/call/call.js';
import { stemcellServerAccess } from '../methods/shared/publish-stemcell.js';
import { assertWelcome } from '../stemcells/publish-on-server.js';
import { StemcellServerError } from '../stemcells/stemcell-server-error.js';
import { failed, ok, type Finding } from './finding.js';

const about = 'stemcell server';

/** Whether the server of `stemcell.publish: webdav` can be reached and takes the credentials. */
export async function checkStemcellServer(call: Call): Promise<Finding[]> {
  const { stemcell, stemcell_server: section } = call.configuration;
  if (stemcell.publish !== 'webdav') return [];
  const access = stemcellServerAccess(section);
  const reach = { client: call.client, transport: call.stemcellServerTransport() };
  try {
    await assertWelcome(reach, access);
    return [ok(about, `${access.url} takes the user ${access.username}`)];
  } catch (failure) {
    if (!(failure instanceof StemcellServerError)) throw failure;
    const advice =
      'stemcells cannot be created until then; where CloudStack takes uploads, stemcell.publish ' +
      'upload needs no server';
    return [failed(about, toBoshError(failure).message, advice)];
  }
}
