import type { JsonObject } from '../kernel/json.js';
import type { TemplateRow, TemplateZoneRow } from '../world/entities.js';
import { UPLOAD_LOOK_TASK, uploadTimeoutMs } from '../world/storage/template-uploads.js';
import type { World } from '../world/world.js';

/** The tasks of this file, by kind. */
export const uploadTasks: Readonly<Record<string, (world: World, args: JsonObject) => void>> = {
  [UPLOAD_LOOK_TASK]: (world, { templateId }) => {
    if (typeof templateId !== 'string') throw new Error('an upload task names no template');
    lookAtUpload(world, templateId);
  },
};

/**
 * Asks the secondary storage VM for one upload and takes the template on to the state that
 * follows (ImageStoreUploadMonitorImpl.handleTemplateStatusResponse).
 */
function lookAtUpload(world: World, templateId: string): void {
  const template = world.templates.require(templateId);
  const [inZone] = world.templateZones.where('templateId', templateId);
  const isAwaited = template.state === 'NotUploaded' || template.state === 'UploadInProgress';
  if (inZone === undefined || !isAwaited) return;
  const { upload } = inZone;
  const isLate = world.kernel.nowMs - inZone.createdMs > uploadTimeoutMs(world);
  switch (upload?.status) {
    case undefined:
      if (isLate) {
        world.templateZones.change(inZone, { downloadState: 'ABANDONED' });
        world.templates.move(template, 'OperationTimeout');
      }
      return;
    case 'IN_PROGRESS':
      if (template.state === 'NotUploaded') {
        world.templateZones.change(inZone, { downloadState: 'DOWNLOAD_IN_PROGRESS' });
        world.templates.move(template, 'UploadRequested');
      } else if (isLate) {
        fail(world, template, inZone);
      }
      return;
    case 'ERROR':
      fail(world, template, inZone);
      return;
    case 'COMPLETED':
      world.templateZones.change(inZone, {
        ready: true,
        downloadState: 'DOWNLOADED',
        percent: 100,
        sizeBytes: upload.virtualSizeBytes,
        physicalSizeBytes: upload.physicalSizeBytes,
      });
      world.templates.move(template, 'OperationSucceeded');
  }
}

/** The error's text goes into the alerts of the cloud, and to nobody who asks for the template. */
function fail(world: World, template: TemplateRow, inZone: TemplateZoneRow): void {
  world.templateZones.change(inZone, { downloadState: 'DOWNLOAD_ERROR' });
  world.templates.move(template, 'OperationFailed');
}
