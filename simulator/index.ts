/** The simulator as a library: `import { createSimulator } from 'bosh-cloudstack-cpi/simulator'`. */
export { createSimulator, LibrarySimulator as Simulator } from './library.js';
export type { SimulatorOptions } from './simulator.js';
export { listen, type Listening, type ListenOptions } from './doors/listen.js';
export { inProcess, type InProcessRequest } from './doors/in-process.js';
export { signedUrl, type ApiKeys, type CommandValues } from './doors/signed-url.js';
export {
  TransportFailure,
  replyOf,
  type ApiOutcome,
  type ApiRequest,
  type ApiResponse,
} from './api/http.js';
export type { FetchImage, FetchOptions, ImageOrder } from './ssvm/fetch-image.js';
export type { MeasureImage } from './ssvm/measure-image.js';
export type { DownloadOutcome, DownloadedFile } from './ssvm/receive-download.js';
export type { ImageContent, ImageKind } from './ssvm/image-content.js';
export type { Guest, GuestInterface } from './guest/guest.js';
export type { GuestDisk } from './guest/disks.js';
export type { GuestHttpResponse } from './guest/metadata-service.js';
export { NothingToExplain } from './why/explanation.js';
export type { HistoryStep } from './why/history.js';
export type { Why, WhySubject } from './why/why.js';
export { FaultPlanError } from './faults/parse-fault-plan.js';
export type { FaultPlanInput, FaultRuleInput } from './faults/plan-schema.js';
export type { FaultRuleStatus } from './faults/fault-rules.js';
export { SnapshotError, type WorldSnapshot } from './world/world-snapshot.js';
export type { ClockModeText } from './kernel/clock.js';
export type { Event } from './kernel/event-log.js';
export type { SettingValues } from './world/settings/parse-setting.js';
export type { WorldDescriptionInput } from './world/description/world-description.js';
