// The image that tests and the tour use as a stemcell is what bosh.io would publish: its QCOW2
// disk is read back here by the format's own rules, and its tar by another reader.
import { gunzipSync } from 'node:zlib';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { expect, test } from '@playwright/test';
import { extract } from 'tar-stream';
import { emptyQcow2 } from '../../../bats-runner/stemcell/qcow2.js';
import { stemcellDiskMib, stemcellImage } from '../../../bats-runner/stemcell/stemcell-image.js';

const MIB = 1024 * 1024;

/** Reads the metadata of a QCOW2 image, following its own pointers. */
function readQcow2(image: Buffer) {
  const clusterBytes = 1 << image.readUInt32BE(20);
  const l1Entries = image.readUInt32BE(36);
  const l1Offset = Number(image.readBigUInt64BE(40));
  const refcountTable = Number(image.readBigUInt64BE(48));
  const refcountBlock = Number(image.readBigUInt64BE(refcountTable));
  const clusters = image.length / clusterBytes;
  return {
    magic: image.subarray(0, 4).toString('latin1'),
    version: image.readUInt32BE(4),
    backingFile: image.readBigUInt64BE(8),
    virtualBytes: Number(image.readBigUInt64BE(24)),
    encryption: image.readUInt32BE(32),
    incompatibleFeatures: image.readBigUInt64BE(72),
    refcountBits: 1 << image.readUInt32BE(96),
    headerBytes: image.readUInt32BE(100),
    clusters,
    clusterBytes,
    offsets: { l1: l1Offset, refcountTable, refcountBlock },
    l1: Array.from({ length: l1Entries }, (_, i) => image.readBigUInt64BE(l1Offset + i * 8)),
    refcounts: Array.from({ length: clusterBytes / 2 }, (_, i) =>
      image.readUInt16BE(refcountBlock + i * 2),
    ),
  };
}

test('the disk is an empty QCOW2 image of version 3', () => {
  const disk = readQcow2(emptyQcow2(64));
  expect(disk).toMatchObject({
    magic: 'QFI\u00fb',
    version: 3,
    backingFile: 0n,
    virtualBytes: 64 * MIB,
    encryption: 0,
    incompatibleFeatures: 0n,
    refcountBits: 16,
    headerBytes: 104,
    l1: [0n],
  });
});

test('every cluster of the file is counted once, and none beyond its end', () => {
  const disk = readQcow2(emptyQcow2(64));
  expect(disk.refcounts.slice(0, disk.clusters)).toEqual(Array(disk.clusters).fill(1));
  expect(Math.max(...disk.refcounts.slice(disk.clusters))).toBe(0);
});

test('tables lie in clusters of their own, inside the file', () => {
  const { clusterBytes, clusters, offsets } = readQcow2(emptyQcow2(64));
  const numbers = Object.values(offsets).map((offset) => offset / clusterBytes);
  expect(numbers.every((number) => Number.isInteger(number) && number < clusters)).toBe(true);
  expect(new Set([0, ...numbers]).size).toBe(4);
});

test('the L1 table covers the whole disk', () => {
  expect(readQcow2(emptyQcow2(512)).l1).toHaveLength(1);
  expect(readQcow2(emptyQcow2(513)).l1).toHaveLength(2);
});

test('a disk that the layout cannot hold is refused', () => {
  for (const size of [0, -1, 1.5, 512 * 8193]) {
    expect(() => emptyQcow2(size), String(size)).toThrow(/does not fit/);
  }
});

test('the stemcell image is a gzip tar that holds root.img and nothing else', async () => {
  const members: [string, Buffer][] = [];
  const entries = Readable.from(gunzipSync(await stemcellImage())).pipe(extract());
  for await (const entry of entries) members.push([entry.header.name, await buffer(entry)]);
  expect(members.map(([name]) => name)).toEqual(['root.img']);
  expect(members[0]![1].equals(emptyQcow2(stemcellDiskMib))).toBe(true);
});

test('the stemcell image is the same each time', async () => {
  expect((await stemcellImage()).equals(await stemcellImage())).toBe(true);
});
