// Writes the pages of docs/ that are rendered from declarations in the code, as compiled in dist/.
// The pages are checked in; tests compare them.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** @param {string} root */
export async function writePages(root) {
  const [
    configuration,
    methods,
    earlier,
    registry,
    stemcellServer,
    errors,
    role,
    commands,
    coverage,
    differences,
    control,
    faults,
    library,
    settings,
    worlds,
    contract,
    cases,
    noAnalogue,
    cloud,
    flows,
  ] = await Promise.all([
    import('../../dist/cpi/config/documentation.js'),
    import('../../dist/cpi/methods/call/documentation.js'),
    import('../../dist/cpi/methods/call/earlier-cpis-page.js'),
    import('../../dist/cpi/registry/documentation.js'),
    import('../../dist/cpi/stemcell-server/documentation.js'),
    import('../../dist/cpi/methods/call/error-documentation.js'),
    import('../../dist/cpi/permissions/role-page.js'),
    import('../../dist/simulator/control/documentation/commands-page.js'),
    import('../../dist/simulator/control/documentation/coverage-page.js'),
    import('../../dist/simulator/control/documentation/differences-page.js'),
    import('../../dist/simulator/control/documentation/control-page.js'),
    import('../../dist/simulator/control/documentation/faults-page.js'),
    import('../../dist/simulator/control/documentation/library-page.js'),
    import('../../dist/simulator/control/documentation/settings-page.js'),
    import('../../dist/simulator/control/documentation/worlds-page.js'),
    import('../../dist/bats-runner/contract/documentation.js'),
    import('../../dist/bats-runner/specs/cases.js'),
    import('../../dist/bats-runner/specs/no-analogue.js'),
    import('../../dist/bats-runner/target/cloud-config-page.js'),
    import('../../dist/bats-runner/lite/documentation.js'),
  ]);
  const exampleWorld = readFileSync(join(root, 'docs/simulator/example-world.json'), 'utf8');
  const vector = (name) => JSON.parse(readFileSync(join(root, 'test/vectors', name), 'utf8'));
  const pages = {
    'docs/bats-runner/contract.md': contract.contractPage(
      cases.contractCases,
      noAnalogue.withoutAnalogue,
    ),
    'docs/bats-runner/cloud.md': cloud.cloudConfigPage(),
    'docs/bats-runner/flows.md': flows.flowsPage(),
    'docs/cpi/configuration.md': configuration.configurationPage(),
    'docs/cpi/cloud-properties.md': methods.cloudPropertiesPage(),
    'docs/cpi/methods.md': methods.methodsPage(),
    'docs/cpi/requests.md': methods.requestsPage(vector('request-budgets.json')),
    'docs/cpi/earlier-cpis.md': earlier.earlierCpisPage(vector('operators-problems.json')),
    'docs/cpi/registry.md': registry.registryPage(),
    'docs/cpi/stemcell-server.md': stemcellServer.stemcellServerPage(),
    'docs/cpi/errors.md': errors.errorsPage(),
    'docs/cpi/role.md': role.rolePage(),
    'docs/simulator/commands.md': commands.commandsPage(),
    'docs/simulator/coverage.md': coverage.coveragePage(
      vector('api/4.20.json'),
      vector('api/shown.json'),
    ),
    'docs/simulator/control.md': control.controlPage(),
    'docs/simulator/differences.md': differences.differencesPage(),
    'docs/simulator/faults.md': faults.faultsPage(),
    'docs/simulator/library.md': library.libraryPage(),
    'docs/simulator/settings.md': settings.settingsPage(),
    'docs/simulator/worlds.md': worlds.worldsPage(exampleWorld),
  };
  for (const [name, text] of Object.entries(pages)) {
    const path = join(root, name);
    if (!existsSync(path) || readFileSync(path, 'utf8') !== text) writeFileSync(path, text);
  }
}
