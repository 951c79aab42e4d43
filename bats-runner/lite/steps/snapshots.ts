import { cidIn, tolerating } from '../cpi-calls.js';
import { snapshotMetadata } from '../metadata.js';
import { metadataOf, type Step } from './step.js';

/**
 * Takes a snapshot of each disk before the instance is changed, if the Director is to
 * (snapshot_manager.rb). It gets the CPI also for an instance without disks.
 */
export const takeSnapshots: Step = async (work) => {
  const { director, instance } = work;
  const { takesSnapshots, uuid } = director.settings;
  if (!takesSnapshots) return;
  const cloud = await director.cloud({ cpi: instance.spec?.stemcell.cpi });
  const metadata = snapshotMetadata(metadataOf(work), {
    directorUuid: uuid,
    agentId: instance.agentId ?? '',
  });
  await tolerating(['NotImplemented'], async () => {
    for (const disk of instance.disks) {
      disk.snapshots.push(cidIn(await cloud.call('snapshot_disk', [disk.cid, metadata])));
    }
  });
};
