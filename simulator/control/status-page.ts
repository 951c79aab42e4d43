import { clockModeText } from '../kernel/clock.js';
import type { Simulator } from '../simulator.js';
import { isDestroyedVm } from '../world/compute/virtual-machines.js';
import { isDestroyed } from '../world/storage/volumes.js';
import type { World } from '../world/world.js';
import { controlPath, controlRoutes } from './control-routes.js';

/** The page at `/`: what runs here, and where its parts are. */
export function statusPage(simulator: Simulator): string {
  const { world, kernel } = simulator;
  kernel.catchUp();
  const facts: readonly (readonly [string, string])[] = [
    ['World time', new Date(kernel.nowMs).toISOString()],
    ['Clock', clockModeText(kernel.mode)],
    [
      'Zones',
      world.zones
        .all()
        .map((zone) => zone.name)
        .join(', '),
    ],
    ['Virtual machines', vmCount(world)],
    ['Volumes', volumeCount(world)],
    ['Templates', templateCount(simulator)],
    ['Events', String(kernel.log.lastSeq)],
  ];
  const rows = facts.map(
    ([name, value]) => `<tr><th scope="row">${name}</th><td>${escape(value)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>CloudStack simulator</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body { font: 16px/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 44rem; padding: 0 1rem; color: #1d2733; }
table { border-collapse: collapse; margin: 1.5rem 0; }
th, td { text-align: left; padding: .3rem 1.5rem .3rem 0; border-bottom: 1px solid #d9dfe6; }
th { font-weight: 600; }
code { background: #f0f3f6; padding: .1rem .3rem; border-radius: 3px; }
</style>
</head>
<body>
<h1>CloudStack simulator</h1>
<p>A CloudStack zone in one process. The API is at <code>${escape(simulator.origin)}/client/api</code>.</p>
<table>
${rows.join('\n')}
</table>
<p>Control: ${controlLinks()}.</p>
</body>
</html>
`;
}

function vmCount({ vms }: World): string {
  const gone = vms.all().filter(isDestroyedVm);
  return counted(vms.all().length - gone.length, gone.length, 'destroyed, not expunged yet');
}

/** The root volume of a destroyed VM stays until the VM is expunged. */
function volumeCount({ vms, volumes }: World): string {
  const gone = volumes
    .all()
    .filter(
      (volume) =>
        isDestroyed(volume) || (volume.vmId !== null && isDestroyedVm(vms.require(volume.vmId))),
    );
  return counted(volumes.all().length - gone.length, gone.length, 'destroyed, not expunged yet');
}

/** What users brought, apart from what the world came with. */
function templateCount({ world, initialTemplateIds }: Simulator): string {
  const all = world.templates.all();
  const initial = all.filter(({ id }) => initialTemplateIds.has(id));
  return counted(all.length - initial.length, initial.length, 'more that the world came with');
}

function counted(count: number, others: number, what: string): string {
  return others === 0 ? String(count) : `${count} (${others} ${what})`;
}

function controlLinks(): string {
  return controlRoutes
    .filter(({ method }) => method === 'GET')
    .map((route) => [controlPath(route), route.path === '/' ? 'all' : route.path.slice(1)] as const)
    .map(([path, name]) => `<a href="${path}">${name}</a>`)
    .join(', ');
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
