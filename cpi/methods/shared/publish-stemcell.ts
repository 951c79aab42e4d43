import type { Configuration } from '../../config/properties.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { publishFromHere, type OwnServer } from '../../stemcells/publish-from-here.js';
import { publishOnServer, type StemcellServerAccess } from '../../stemcells/publish-on-server.js';
import { uploadTemplate, type UploadRequest } from '../../stemcells/upload.js';
import type { Call } from '../call/call.js';

/** Has a template made of an image in the way that `stemcell.publish` chooses; answers its id. */
export function publishStemcell(
  { call, saga }: { readonly call: Call; readonly saga: Saga },
  request: UploadRequest,
): Promise<string> {
  const { client, newId, configuration, openImageServer } = call;
  const { stemcell, stemcell_server: server } = configuration;
  switch (stemcell.publish) {
    case 'upload':
      return uploadTemplate({ client, saga, newId, transport: call.uploadTransport() }, request);
    case 'webdav': {
      const context = { client, saga, newId, transport: call.stemcellServerTransport() };
      return publishOnServer(context, stemcellServerAccess(server), request);
    }
    case 'create-env': {
      const context = { client, saga, newId, openImageServer };
      return publishFromHere(context, ownServer(server), request);
    }
  }
}

/** Where the CPI serves with `stemcell.publish: create-env`. */
export function ownServer({
  host = '',
  port,
  public_url: publicUrl,
}: Configuration['stemcell_server']): OwnServer {
  return { host, port, publicUrl };
}

/** How the CPI reaches the server of `stemcell.publish: webdav`; its section has been checked. */
export function stemcellServerAccess({
  url,
  username,
  password,
  public_url: publicUrl,
}: Configuration['stemcell_server']): StemcellServerAccess {
  if (url !== undefined && username !== undefined && password !== undefined) {
    return { url, username, password, publicUrl };
  }
  throw new BoshError('CpiError', 'stemcell_server is not complete for stemcell.publish webdav');
}
