// Methods that only tell something, or refuse.
import type { Planner } from '../deed.js';
import { oneOf } from '../deed.js';
import { succeeded } from '../expectation.js';
import { directors } from '../ledger.js';
import { must } from '../promise.js';

const resources = { cpu: 1, ram: 1_024, ephemeral_disk_size: 2_048 };

const questions: readonly (readonly [
  method: string,
  args: readonly unknown[],
  isRefused: boolean,
])[] = [
  ['info', [], false],
  ['ping', [], false],
  ['calculate_vm_cloud_properties', [resources], false],
  ['configure_networks', ['a-vm', {}], true],
  ['current_vm_id', [], true],
];

export const question: Planner = (stage, draw) => {
  const chosen = oneOf(questions, draw);
  if (chosen === undefined) return undefined;
  const [method, args, isRefused] = chosen;
  return {
    director: draw(directors.length),
    about: [],
    work: async (call) => {
      const answer = await call(method, args);
      if (!isRefused) succeeded(stage, method, answer);
      else must(answer.is !== 'result', `${method} is not refused`);
    },
  };
};
