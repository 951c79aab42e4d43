// Each exception of CloudStack has its HTTP status, its cserrorcode, its code in a job, and is
// masked for ordinary users or not.
import { expect, test } from '@playwright/test';
import { CloudException, type Exception } from '../../../simulator/world/cloud-exception.js';

const rules: readonly (readonly [Exception, number, number, number, boolean])[] = [
  ['InvalidParameterValueException', 431, 4350, 431, false],
  ['PermissionDeniedException', 531, 4365, 530, false],
  ['AccountLimitException', 532, 4280, 530, false],
  ['InsufficientCapacityException', 533, 4325, 530, true],
  ['ResourceUnavailableException', 534, 4380, 530, true],
  ['ResourceAllocationException', 535, 4370, 530, false],
  ['CloudRuntimeException', 530, 4250, 530, true],
  ['UnsupportedServiceException', 530, 4390, 530, true],
  ['UncheckedException', 530, 0, 530, true],
];

for (const [exception, httpStatus, csErrorCode, jobResultCode, masked] of rules) {
  test(exception, () => {
    const error = new CloudException(exception, 'a text');
    expect(error).toMatchObject({ httpStatus, csErrorCode, jobResultCode, masked });
    expect(error.message).toBe('a text');
  });
}

test('a ServerApiException keeps its own code everywhere and is never masked', () => {
  const error = new CloudException('ServerApiException', 'a text', { httpStatus: 534 });
  expect(error).toMatchObject({ httpStatus: 534, csErrorCode: 9999, jobResultCode: 534 });
  expect(error.masked).toBe(false);
});
