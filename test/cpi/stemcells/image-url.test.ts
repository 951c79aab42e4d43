// Proves which URLs of images are taken, as CloudStack takes them (UriUtils.checkFormat), and which
// format they stand for.
import { expect, test } from '@playwright/test';
import { problemOfImageUrl, readImageUrl } from '../../../cpi/stemcells/image-url.js';

for (const [url, format, diskFormat] of [
  ['https://images.example.com/a/jammy.qcow2', 'QCOW2'],
  ['http://192.0.2.6:8080/jammy.QCOW2.gz', 'QCOW2'],
  ['http://images.example.com/jammy.img', 'QCOW2'],
  ['http://images.example.com/jammy.img', 'QCOW2', 'qcow2'],
  ['http://images.example.com/jammy.img.bz2', 'RAW', 'raw'],
  ['http://images.example.com/jammy.raw', 'RAW', 'qcow2'],
  ['http://images.example.com/jammy.vhd.bz2', 'VHD'],
  ['http://images.example.com/jammy.ova', 'OVA'],
  ['http://images.example.com/jammy.vhd.zip?X-Signature=a.iso&b=1', 'VHD'],
] as const) {
  test(`${url} is ${format}${diskFormat === undefined ? '' : `, of a ${diskFormat} stemcell`}`, () => {
    expect(problemOfImageUrl(url)).toBeUndefined();
    expect(readImageUrl(url, diskFormat)).toEqual({ url, format });
  });
}

for (const [url, problem] of [
  ['', /an http:\/\/ or https:\/\/ URL/],
  ['jammy.qcow2', /an http:\/\/ or https:\/\/ URL/],
  ['ftp://images.example.com/jammy.qcow2', /an http:\/\/ or https:\/\/ URL/],
  ['file:///images/jammy.qcow2', /an http:\/\/ or https:\/\/ URL/],
  ['http://user:word@images.example.com/jammy.qcow2', /without user name, password and fragment/],
  ['http://images.example.com/jammy.qcow2#a', /without user name, password and fragment/],
  ['http://images.example.com/jammy.tgz', /path ends with qcow2, img, raw, vhd, ova/],
  ['http://images.example.com/jammy', /path ends with/],
  ['http://images.example.com/constructor.constructor', /path ends with/],
  ['http://images.example.com/?image=jammy.qcow2', /path ends with/],
  [`http://images.example.com/${'a'.repeat(2_048)}.qcow2`, /at most 2048 characters/],
] as const) {
  test(`"${url.slice(0, 60)}" is none`, () => {
    expect(problemOfImageUrl(url)).toMatch(problem);
  });
}
