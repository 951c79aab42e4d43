import { createUndoably } from '../../cloudstack/create-undoably.js';
import { findNetwork, findOsType, findServiceOffering } from '../../cloudstack/find-catalog.js';
import { findOwnTemplate } from '../../cloudstack/find-resources.js';
import { tagNew } from '../../cloudstack/tags.js';
import type { Template } from '../../cloudstack/types.js';
import type { Saga } from '../../flow/saga.js';
import { BoshError } from '../../protocol/bosh-error.js';
import { removeWhenIdle } from '../../stemcells/remove-when-idle.js';
import { madeAsPublicAsAllowed } from '../../stemcells/template-parameters.js';
import { templateDeadlineMs, type Call } from '../call/call.js';
import type { NewTemplate } from './register-once.js';
import { rootDiskOfWorkVm, type WorkVm } from './work-vm.js';

/** A copy that can be made as far as one can tell without creating anything. */
export interface CopyPlan {
  readonly source: Template;
  readonly vm: WorkVm;
  readonly osTypeId: string;
}

/**
 * Finds what a copy of a template takes: CloudStack makes a template of a disk only, and a disk of
 * a template only for a VM that starts (VolumeOrchestrator.prepare). The Java CPI had one, too.
 *
 * @throws BoshError of type CloudError if it is not configured, or the offering has no sizes;
 *   CloudStackError if something is not there.
 */
export async function planCopy(call: Call, source: Template, zoneId: string): Promise<CopyPlan> {
  const { client, configuration } = call;
  const { copy_compute_offering: offeringName, copy_network: networkName } = configuration.stemcell;
  if (offeringName === undefined || networkName === undefined) {
    throw new BoshError(
      'CloudError',
      'create_stemcell: light_mode copy needs a VM for a moment: set stemcell.copy_compute_offering ' +
        'and stemcell.copy_network, or use light_mode reference',
    );
  }
  const [offering, network, osTypeId] = await Promise.all([
    findServiceOffering(client, offeringName, zoneId),
    findNetwork(client, networkName, zoneId),
    source.ostypeid ?? findOsType(client, configuration.stemcell.os_type).then(({ id }) => id),
  ]);
  if (offering.iscustomized === true) {
    throw new BoshError(
      'CloudError',
      `create_stemcell: the compute offering ${offering.name} is custom: set ` +
        'stemcell.copy_compute_offering to one with CPUs and memory of its own',
    );
  }
  const vm = {
    templateId: source.id,
    zoneId,
    offeringId: offering.id,
    networkId: network.id,
  };
  return { source, vm, osTypeId };
}

/** Makes a template of its own of an existing one; answers its id. */
export async function copyTemplate(
  call: Call,
  saga: Saga,
  copy: CopyPlan & NewTemplate,
): Promise<string> {
  const { client, configuration } = call;
  const { source, templateName, displayText, osTypeId, tags } = copy;
  client.log(`template ${source.name} (${source.id}) is copied by a VM that runs for a moment`);
  const work = await rootDiskOfWorkVm(call, saga, copy.vm);
  const { id } = await createUndoably(client, saga, {
    name: `create template ${templateName}`,
    create: () =>
      madeAsPublicAsAllowed(
        client,
        configuration.cloudstack.stemcell_public_visibility,
        (ispublic) =>
          client.run(
            'createTemplate',
            {
              volumeid: work.volumeId,
              name: templateName,
              displaytext: displayText,
              ostypeid: osTypeId,
              requireshvm: configuration.stemcell.requires_hvm,
              ispublic,
            },
            {
              what: `copy of template ${source.id} to ${templateName}`,
              deadlineMs: templateDeadlineMs(call),
            },
          ),
      ),
    find: (undoClient) => findOwnTemplate(undoClient, templateName),
    remove: (undoClient, found) => removeWhenIdle(undoClient, found.id),
  });
  await tagNew(client, { type: 'Template', id }, tags);
  client.log(`template ${id} (${templateName}) is ready`);
  await work.remove();
  return id;
}
