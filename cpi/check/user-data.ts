import { failed, ok, type Finding } from './finding.js';
import type { Inspection } from './inspection.js';

const about = 'user data';
const setting = 'vm.userdata.max.length';

/** Whether CloudStack takes user data as long as the CPI sends them; administrators see that. */
export async function checkUserData({ call, allowed }: Inspection): Promise<Finding[]> {
  const { user_data_max_length: ours } = call.configuration.cloudstack;
  const sent = `the CPI sends ${ours} bytes at most (cloudstack.user_data_max_length)`;
  if (allowed?.has('listConfigurations') !== true) {
    return [
      ok(about, `${sent}; whether ${setting} allows that, only administrators of the cloud see`),
    ];
  }
  const settings = await call.client.list('listConfigurations', { name: setting });
  const theirs = Number(settings.find(({ name }) => name === setting)?.value);
  if (!Number.isFinite(theirs)) return [ok(about, `${sent}; CloudStack has no ${setting}`)];
  const advice = `set cloudstack.user_data_max_length to ${theirs}, or ${setting} to ${ours}`;
  if (theirs < ours) return [failed(about, `${sent}, but ${setting} is ${theirs}`, advice)];
  const more = theirs > ours ? `, and could send ${theirs} (${setting})` : `, as ${setting} allows`;
  return [ok(about, sent + more)];
}
