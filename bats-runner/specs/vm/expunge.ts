import { expect } from '@playwright/test';
import { contractCase } from '../../contract/contract-case.js';
import type { CaseTools } from '../../contract/case-tools.js';
import { textOf } from '../../json.js';
import { ownNetwork } from '../network/own-network.js';

const setting = 'allow.user.expunge.recover.vm';

/** What an account can do that may expunge. */
export const expungeCases = [
  contractCase(
    {
      id: 'VM-57',
      title: 'delete_vm leaves nothing',
      proves: 'Where the account may expunge, nothing is left of a VM that was deleted.',
      needs: ['operator', 'simulator'],
    },
    async (tools) => {
      const { cpi, operator, createVm } = tools;
      const vm = await createVm();
      await allowExpunging(tools, true);
      try {
        await cpi.result('delete_vm', [vm]);
        const all = await operator.list('listVirtualMachines', 'virtualmachine', { listall: true });
        expect([undefined, 'Expunging']).toContain(all.find(({ id }) => id === vm)?.['state']);
      } finally {
        await allowExpunging(tools, false);
      }
    },
  ),
];

/** Changes the setting for the account of the CPI. */
async function allowExpunging(tools: CaseTools, isAllowed: boolean): Promise<void> {
  const { operator } = tools;
  const name = textOf((await ownNetwork(tools))['account']);
  const accounts = await operator.list('listAccounts', 'account', { name, listall: true });
  const accountid = textOf(accounts[0]?.['id']);
  await operator.call('updateConfiguration', { name: setting, value: isAllowed, accountid });
}
