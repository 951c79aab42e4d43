import { Api } from './api/api.js';
import type { ApiOutcome, ApiRequest } from './api/http.js';
import { uploadUnderFaults, type UploadAnswer } from './api/faulty-upload.js';
import {
  JOB_ADMISSION_TASK,
  JOB_CANCEL_TASK,
  JOB_EXPIRY_TASK,
  JOB_STEP_TASK,
} from './api/job-tasks.js';
import { JOB_LATE_STEP_TASK } from './world/jobs.js';
import { runSnapshotPolicy } from './api/snapshot-scheduler.js';
import { commands } from './commands/index.js';
import { faultRules, setFaultRules, type FaultRuleStatus } from './faults/fault-rules.js';
import { faultTasks } from './faults/outages.js';
import { parseFaultPlan, type FaultRule } from './faults/parse-fault-plan.js';
import type { FaultPlanInput } from './faults/plan-schema.js';
import {
  clockModeHint,
  clockModeText,
  hostNowMs,
  parseClockMode,
  type ClockMode,
  type ClockModeText,
} from './kernel/clock.js';
import { Guest } from './guest/guest.js';
import { nameHint } from './input/nearest-name.js';
import type { EventListener } from './kernel/event-log.js';
import type { JsonObject } from './kernel/json.js';
import type { KernelState } from './kernel/kernel-state.js';
import { Kernel } from './kernel/kernel.js';
import type { Task } from './kernel/scheduler.js';
import { breakUploads, receiveUpload, type UploadInput } from './ssvm/receive-upload.js';
import { downloadTasks } from './ssvm/download-monitor.js';
import { Downloads } from './ssvm/downloads.js';
import { fetchImage, type FetchImage } from './ssvm/fetch-image.js';
import { measureImage, type MeasureImage } from './ssvm/measure-image.js';
import { receiveDownload, type DownloadInput } from './ssvm/receive-download.js';
import { serve } from './ssvm/serve-extract.js';
import { uploadTasks } from './ssvm/upload-monitor.js';
import { why, type Why, type WhySubject } from './why/why.js';
import { buildWorld } from './world/description/build-world.js';
import { accountCleanupTasks } from './world/identity/account-cleanup.js';
import { firstUserOfType, type UserWithKeys } from './world/identity/accounts.js';
import { expungeTasks, scheduleExpungeThread } from './world/compute/expunge-thread.js';
import { DEFAULT_PRESET, presets } from './world/presets/index.js';
import { vpcTasks } from './world/network/vpcs.js';
import { maintenanceTasks } from './world/compute/host-maintenance.js';
import { scheduleStorageCleanup, storageCleanupTasks } from './world/storage/storage-cleanup.js';
import { extractTasks } from './world/storage/image-extracts.js';
import { preloadTasks } from './world/storage/prepared-templates.js';
import type { ServedImage } from './world/storage/served-image.js';
import { SNAPSHOT_POLICY_TASK } from './world/storage/snapshot-policies.js';
import { snapshotCopyTasks } from './world/storage/snapshot-copies.js';
import { snapshotTasks } from './world/storage/snapshots.js';
import type { SettingValues } from './world/settings/parse-setting.js';
import { parseWorldDescription } from './world/description/parse-world-description.js';
import type {
  WorldDescription,
  WorldDescriptionInput,
} from './world/description/world-description.js';
import {
  readSnapshot,
  restoreWorld,
  takeSnapshot,
  type WorldSnapshot,
} from './world/world-snapshot.js';
import { bookmarkOf, worldAt } from './world/world-bookmark.js';
import type { World } from './world/world.js';

export interface SimulatorOptions {
  /** Decides every id, key, address and name that the simulator chooses; 1 unless given. */
  readonly seed?: number;
  /** The name of a preset, or a description; `advanced-kvm` unless given. */
  readonly world?: string | WorldDescriptionInput;
  /** Settings that are laid over those of the world. */
  readonly settings?: SettingValues;
  /** `manual`, `auto`, `on-poll`, `real` or `scaled:N`; `manual` unless given. */
  readonly clock?: ClockModeText;
  /** What goes wrong, and when; nothing unless given. `setFaults` changes it later. */
  readonly faults?: FaultPlanInput;
  /** Ignore parameters that are not simulated instead of answering with an error. */
  readonly loose?: boolean;
  /** The host's time in milliseconds; tests pass their own. */
  readonly hostNowMs?: () => number;
  /** How templates that are registered by URL get their images; over HTTP unless given. */
  readonly fetchImage?: FetchImage;
  /** How large images are when they are registered; asked over HTTP unless given, or `fetchImage` is. */
  readonly measureImage?: MeasureImage;
  /** Told of errors inside the simulator; without it they are thrown at the caller. */
  readonly onFault?: (error: unknown) => void;
  /** Told of each request for a command that is not simulated, which is answered with 401. */
  readonly onUnsimulatedCommand?: (name: string) => void;
  /** Told what only a simulator can add to a refused request: the setting that would allow it. */
  readonly onHint?: (hint: string) => void;
}

/** What each option is for; one that is not among them must not pass for one that was left out. */
export const optionPurposes: Readonly<Record<keyof SimulatorOptions, string>> = {
  seed: 'A whole number that decides every id, key, address and name that is drawn; 1 unless given.',
  world:
    'The name of a preset, or a description as in a [world file](worlds.md); `advanced-kvm` unless ' +
    'given.',
  settings: 'Laid over those of the world, by their names: see [settings.md](settings.md).',
  clock: `How time moves: ${clockModeHint}; \`manual\` unless given.`,
  faults: 'The [fault plan](faults.md) of the start; `setFaults` puts another one into force.',
  loose: '`true` ignores parameters that are not simulated instead of answering with an error.',
  hostNowMs: "A function that tells the host's time in milliseconds; the host's own unless given.",
  fetchImage:
    'A function that gets the images that are registered by URL, as shown below; over HTTP unless given.',
  measureImage:
    'A function that tells the size of an image when it is registered; asked over HTTP unless given, ' +
    'and 0 where `fetchImage` alone is given.',
  onFault: 'Called with each error inside of the simulator, which is thrown otherwise.',
  onUnsimulatedCommand:
    'Called with the name of each command that is asked for and not simulated; it is answered with 401.',
  onHint:
    'Called with what only a simulator can add to a refused request: the setting that would allow it.',
};

/** Work that tasks name, by their kind. */
export type TaskHandlers = Readonly<Record<string, (world: World, args: JsonObject) => void>>;

/** What makes a world beside what is in it. */
interface Frame {
  readonly seed: number;
  readonly mode: ClockMode;
  readonly description: WorldDescription;
  readonly initialTemplateIds: readonly string[];
}

/** Where clients reach a simulator that no door has opened yet. */
const UNOPENED_ORIGIN = 'http://cloudstack.invalid';

/** A CloudStack zone in this process: a world, its API, and time under control. */
export class Simulator {
  #initialTemplateIds: ReadonlySet<string>;
  #seed: number;
  #description: WorldDescription;
  readonly #options: SimulatorOptions;
  readonly #listeners = new Set<EventListener>();
  #mode: ClockMode;
  #origin = UNOPENED_ORIGIN;
  #downloads: Downloads | undefined;
  #kernel: Kernel;
  #world: World;
  #api: Api;

  constructor(options: SimulatorOptions = {}) {
    assertOptions(options);
    this.#options = options;
    this.#seed = options.seed ?? 1;
    this.#description = describe(options);
    this.#mode = clockMode(options.clock ?? 'manual');
    const rules = faultPlan(options.faults ?? []);
    [this.#kernel, this.#world, this.#api] = this.#build(rules);
    this.#initialTemplateIds = new Set(this.#world.templates.all().map(({ id }) => id));
  }

  /** The templates that the world came with; a reset gives them the same ids again. */
  get initialTemplateIds(): ReadonlySet<string> {
    return this.#initialTemplateIds;
  }

  get world(): World {
    return this.#world;
  }

  get kernel(): Kernel {
    return this.#kernel;
  }

  get hostNowMs(): number {
    return (this.#options.hostNowMs ?? hostNowMs)();
  }

  /** Where clients reach the simulator, such as `http://127.0.0.1:8080`; doors set it. */
  get origin(): string {
    return this.#origin;
  }

  openedAt(origin: string): void {
    this.#origin = origin;
  }

  /** Answers a request to `/client/api`. */
  dispatch(request: ApiRequest): ApiOutcome {
    return this.#api.dispatch(request);
  }

  /**
   * The same for doors that can wait: where CloudStack would ask for the size of an image before it
   * answers, its server is asked, and what it says comes with the request.
   */
  async answer(request: ApiRequest): Promise<ApiOutcome> {
    const url = this.#api.urlToMeasure(request);
    if (url === undefined) return this.dispatch(request);
    return this.dispatch({ ...request, imageBytes: await this.#measure(url) });
  }

  #measure(url: string): Promise<number> {
    const { fetchImage: fetched, measureImage: measured } = this.#options;
    if (measured !== undefined) return measured(url);
    return fetched === undefined ? measureImage(url) : Promise.resolve(0);
  }

  /** Takes what somebody sent to an upload URL; the bytes themselves stay with the door. */
  upload(input: UploadInput): UploadAnswer {
    this.#kernel.catchUp();
    const cause = `request:${this.#kernel.ids.next('request')} io.upload`;
    const response = this.#kernel.because(cause, () =>
      uploadUnderFaults(this.#world, input, () => receiveUpload(this.#world, input)),
    );
    this.#kernel.settle();
    return response;
  }

  /**
   * The image that the secondary storage VM serves as `/userdata/<extractId>/<fileName>`; undefined
   * where there is none, or not any more.
   */
  extracted(extractId: string, fileName: string): ServedImage | 'unreachable' | undefined {
    this.#kernel.catchUp();
    return serve(this.#world, extractId, fileName);
  }

  /** Breaks off what templates are downloaded from; for who needs the simulator no more. */
  close(): void {
    this.#downloads?.stop();
  }

  /** What a VM sees of itself from within. @throws Error if there is no such VM. */
  guest(vmId: string): Guest {
    this.#kernel.catchUp();
    return new Guest(this.#world, this.#world.vms.require(vmId).id);
  }

  /**
   * Why something is as it is (`whySubjects` has what can be asked about), and what led there; a name
   * that several have gives several answers. @throws NothingToExplain if nothing is meant by it.
   */
  why(subject: WhySubject, idOrName: string): readonly Why[] {
    this.#kernel.catchUp();
    return why(this.#world, subject, idOrName);
  }

  /**
   * Begins anew: the same seed, world, clock mode and fault plan, its counts at 0, and nothing that
   * has happened since.
   */
  reset(): void {
    [this.#kernel, this.#world, this.#api] = this.#build(this.faults);
  }

  /**
   * The world as it is, with its time, its fault plan and its events: plain data, which can be written
   * as JSON. It holds the secret keys of all users.
   */
  save(): WorldSnapshot {
    this.#kernel.catchUp();
    const { mode, ...frame } = this.#frame;
    return takeSnapshot(this.#world, { ...frame, clock: clockModeText(mode) });
  }

  /**
   * Goes on from where a world was saved, as if nothing had come between, with its seed and its mode
   * of the clock. Uploads that were under way then are broken. Throws SnapshotError, and changes
   * nothing then.
   */
  load(snapshot: unknown, source = 'The given object'): void {
    const content = readSnapshot(snapshot, source);
    const mode = clockMode(content.clock);
    const world = restoreWorld(this.#kernelOf(content, mode, content.kernel), content, source);
    this.#goOnIn(world, { ...content, mode });
  }

  /**
   * Remembers the world as it is. What is answered goes back there, however often it is called, as
   * `load` does with what `save` gave; but nothing is written as text or checked, which takes a
   * fraction of the time, and no other simulator can go there.
   */
  bookmark(): () => void {
    this.#kernel.catchUp();
    const mark = bookmarkOf(this.#world);
    const frame = this.#frame;
    return () => {
      const kernel = this.#kernelOf(frame, frame.mode, mark.kernel);
      this.#goOnIn(worldAt(kernel, mark), frame);
    };
  }

  get #frame(): Frame {
    return {
      seed: this.#seed,
      mode: this.#mode,
      description: this.#description,
      initialTemplateIds: [...this.#initialTemplateIds],
    };
  }

  #kernelOf({ seed }: Pick<Frame, 'seed'>, mode: ClockMode, state: KernelState): Kernel {
    return new Kernel({
      seed,
      startMs: state.nowMs,
      mode,
      hostNowMs: () => this.hostNowMs,
      state,
    });
  }

  #goOnIn(world: World, { seed, mode, description, initialTemplateIds }: Frame): void {
    const { kernel } = world;
    this.#seed = seed;
    this.#description = description;
    this.#initialTemplateIds = new Set(initialTemplateIds);
    this.#tell(kernel);
    [this.#kernel, this.#world, this.#api] = this.#run(kernel, world);
    kernel.because('control:snapshot', () => breakUploads(world));
    this.setClockMode(mode);
  }

  /** The fault plan in force, and how often each of its rules fired. */
  get faults(): readonly FaultRuleStatus[] {
    return faultRules(this.#world);
  }

  /** Puts another fault plan into force; an empty one ends all faults. Throws FaultPlanError. */
  setFaults(plan: FaultPlanInput): void {
    const rules = faultPlan(plan);
    this.#kernel.catchUp();
    this.#kernel.because('control:faults', () => setFaultRules(this.#world, rules));
  }

  setClockMode(mode: ClockMode): void {
    this.#mode = mode;
    this.#kernel.setMode(mode);
  }

  /** Calls `listener` for each event, across resets, until the returned function is called. */
  subscribe(listener: EventListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** The user of the first account of this type; a world must have one to be asked for it. */
  userWithRole(role: 'Admin' | 'User'): UserWithKeys {
    const user = firstUserOfType(this.#world, role);
    if (user === undefined) throw new Error(`the world has no account with the role ${role}`);
    return user;
  }

  #build(rules: readonly FaultRule[]): [Kernel, World, Api] {
    const kernel = new Kernel({
      seed: this.#seed,
      startMs: Date.parse(this.#description.startTime),
      mode: this.#mode,
      hostNowMs: () => this.hostNowMs,
    });
    this.#tell(kernel);
    const world = buildWorld(kernel, this.#description);
    setFaultRules(world, rules);
    scheduleExpungeThread(world);
    scheduleStorageCleanup(world);
    return this.#run(kernel, world);
  }

  #tell(kernel: Kernel): void {
    kernel.log.subscribe((event) => {
      for (const listener of this.#listeners) listener(event);
    });
  }

  /** Sets a world to work: its API, and whoever carries out its tasks. */
  #run(kernel: Kernel, world: World): [Kernel, World, Api] {
    const api = new Api({
      world,
      commands,
      origin: () => this.#origin,
      loose: this.#options.loose ?? false,
      onFault: (error) => this.#fault(error),
      onUnsimulatedCommand: this.#options.onUnsimulatedCommand,
      onHint: this.#options.onHint,
    });
    const handlers: TaskHandlers = {
      [JOB_STEP_TASK]: (_, args) => api.jobs.runStep(jobIdOf(args)),
      [JOB_ADMISSION_TASK]: (_, args) => api.jobs.admit(jobIdOf(args)),
      [JOB_LATE_STEP_TASK]: (_, args) => api.jobs.runLateStep(jobIdOf(args)),
      [JOB_EXPIRY_TASK]: (_, args) => api.jobs.expire(jobIdOf(args)),
      [JOB_CANCEL_TASK]: (_, args) =>
        api.jobs.cancel(jobIdOf(args), args['goesOnAfterMs'] as number | null),
      [SNAPSHOT_POLICY_TASK]: (_, args) => {
        runSnapshotPolicy(world, args, (...sent) => api.sendAs(...sent));
      },
      ...accountCleanupTasks,
      ...vpcTasks,
      ...expungeTasks,
      ...maintenanceTasks,
      ...storageCleanupTasks,
      ...uploadTasks,
      ...downloadTasks,
      ...extractTasks,
      ...preloadTasks,
      ...snapshotTasks,
      ...snapshotCopyTasks,
      ...faultTasks,
    };
    kernel.onTask((task) => {
      try {
        runTask(world, handlers, task);
      } catch (error) {
        this.#fault(error);
      }
    });
    this.#downloads?.stop();
    this.#downloads = new Downloads(world, this.#options.fetchImage ?? fetchImage, (input) =>
      this.#download(input),
    );
    return [kernel, world, api];
  }

  /** Takes what came of a download; the bytes themselves are not kept. */
  #download(input: DownloadInput): void {
    this.#kernel.catchUp();
    const cause = `request:${this.#kernel.ids.next('request')} io.download`;
    this.#kernel.because(cause, () => receiveDownload(this.#world, input));
    this.#kernel.settle();
  }

  #fault(error: unknown): void {
    if (this.#options.onFault === undefined) throw error;
    this.#options.onFault(error);
  }
}

/** A CloudStack zone in this process. */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  return new Simulator(options);
}

/** For callers whose options no compiler has checked. */
function assertOptions(options: SimulatorOptions): void {
  const unknown = Object.keys(options).filter((name) => !Object.hasOwn(optionPurposes, name));
  if (unknown.length > 0) {
    const known = Object.keys(optionPurposes).join(', ');
    throw new Error(`there is no option ${unknown.join(', ')}; there are: ${known}`);
  }
  const { seed } = options;
  if (seed === undefined || Number.isSafeInteger(seed)) return;
  throw new Error(`the option seed must be a whole number, got ${JSON.stringify(seed)}`);
}

function jobIdOf(args: JsonObject): string {
  const { jobId } = args;
  if (typeof jobId !== 'string') throw new Error('a job task names no job');
  return jobId;
}

function runTask(world: World, handlers: TaskHandlers, task: Task): void {
  const handler = handlers[task.kind];
  if (handler === undefined) throw new Error(`nothing carries out tasks of the kind ${task.kind}`);
  handler(world, task.args);
}

function describe({ world = DEFAULT_PRESET, settings = {} }: SimulatorOptions): WorldDescription {
  if (typeof world !== 'string') {
    return parseWorldDescription(withSettings(world, settings), 'The given object');
  }
  const preset = Object.hasOwn(presets, world) ? presets[world] : undefined;
  if (preset === undefined) {
    const names = Object.keys(presets);
    throw new Error(
      `there is no preset ${world}${nameHint(world, names)}; there are: ${names.join(', ')}`,
    );
  }
  return parseWorldDescription(withSettings(preset, settings), `The preset ${world}`);
}

/** What is no description stays what it is, to be refused as such. */
function withSettings(world: WorldDescriptionInput, settings: SettingValues): unknown {
  if (Object.keys(settings).length === 0) return world;
  return { ...world, settings: { ...world.settings, ...settings } };
}

function faultPlan(plan: unknown): readonly FaultRule[] {
  return parseFaultPlan(plan, 'The given list', commands);
}

function clockMode(text: string): ClockMode {
  const mode = parseClockMode(text);
  if (mode === undefined) throw new Error(`${text} is no clock mode; there are: ${clockModeHint}`);
  return mode;
}
