import type { Configuration } from '../../config/properties.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { publishFromHere } from '../../stemcells/publish-from-here.js';
import { publishOnServer } from '../../stemcells/publish-on-server.js';
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
      const { url, username, password } = complete(server);
      return publishOnServer(
        context,
        { url, username, password, publicUrl: server.public_url },
        request,
      );
    }
    case 'create-env': {
      const { host = '', port, public_url: publicUrl } = server;
      const context = { client, saga, newId, openImageServer };
      return publishFromHere(context, { host, port, publicUrl }, request);
    }
  }
}

/** The configuration has been checked for what the way needs. */
function complete({ url, username, password }: Configuration['stemcell_server']): {
  url: string;
  username: string;
  password: string;
} {
  if (url !== undefined && username !== undefined && password !== undefined) {
    return { url, username, password };
  }
  throw new BoshError('CpiError', 'stemcell_server is not complete for stemcell.publish webdav');
}
