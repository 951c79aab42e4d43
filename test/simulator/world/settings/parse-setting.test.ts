// A setting on a command line becomes a value of the setting's own type, or an error that says why
// not.
import { expect, test } from '@playwright/test';
import { parseSetting } from '../../../../simulator/world/settings/parse-setting.js';

test('the value has the type of the default', () => {
  expect(parseSetting('kvm.snapshot.enabled=true')).toEqual({ 'kvm.snapshot.enabled': true });
  expect(parseSetting('expunge.delay=60')).toEqual({ 'expunge.delay': 60 });
  expect(parseSetting('ssvm.uploadUrl=http://h/?a=b')).toEqual({
    'ssvm.uploadUrl': 'http://h/?a=b',
  });
  expect(parseSetting('instance.name=')).toEqual({ 'instance.name': '' });
});

for (const [text, reason] of [
  [
    'expunge.delay',
    'the setting expunge.delay has no value: write expunge.delay=86400, or another number (Seconds until',
  ],
  ['expunge.delay=', 'the setting expunge.delay has no value: write expunge.delay=86400'],
  ['kvm.snapshot.enabled', 'has no value: write kvm.snapshot.enabled=false, or another boolean'],
  ['instance.name', 'the setting instance.name has no value: write instance.name=VM'],
  ['no.such.setting', 'sets nothing that there is: write name=value'],
  ['expunge.dely=60', 'sets nothing that there is (did you mean expunge.delay?)'],
  ['no.such.setting=1', 'sets nothing that there is'],
  ['constructor=1', 'sets nothing that there is'],
  ['expunge.delay=soon', 'is a number, not "soon"'],
  ['kvm.snapshot.enabled=yes', 'is true or false, not "yes"'],
] as const) {
  test(`${text} is refused`, () => {
    expect(() => parseSetting(text)).toThrow(reason);
  });
}
