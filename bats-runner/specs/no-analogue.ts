/** Cases that other CPIs have and that CloudStack, or this CPI, has no counterpart for; and why. */
export const withoutAnalogue: Readonly<Record<string, string>> = {
  'ENV-19':
    'CloudStack takes API calls with a key pair or with the cookie of a login; the CPI uses key ' +
    'pairs only, as its predecessors did.',
  'STM-09':
    'The CPI has no `image_url`: an image is uploaded, or a template that is there is named ' +
    '(STM-01, STM-04).',
};
