// Everything that the package `webdav` does with a server of class 1.
import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { AuthType, createClient } from 'webdav';

const { STEMCELLS_URL: url, STEMCELLS_USER: username, STEMCELLS_PASSWORD: password } = process.env;
const authType = AuthType.Password;
const client = createClient(url, { authType, username, password });

await client.createDirectory('/old');
assert.equal(await client.putFileContents('/old/image.qcow2', 'content of an image'), true);
assert.equal(
  await client.putFileContents('/old/image.qcow2', 'other', { overwrite: false }),
  false,
  'what is there is not replaced',
);
const [listed] = await client.getDirectoryContents('/old');
assert.equal(listed.filename, '/old/image.qcow2');
assert.equal(listed.size, 19);
const stat = await client.stat('/old/image.qcow2');
assert.equal(stat.type, 'file');
assert.match(stat.etag, /\w/);
assert.equal(await client.exists('/old/none'), false);
assert.equal(
  await client.getFileContents('/old/image.qcow2', { format: 'text' }),
  'content of an image',
);
const range = { start: 11, end: 12 };
assert.equal(await text(client.createReadStream('/old/image.qcow2', { range })), 'an');
await client.copyFile('/old', '/new');
await client.moveFile('/new/image.qcow2', '/moved.qcow2');
assert.deepEqual(await client.getDirectoryContents('/new'), []);
assert.equal(
  await client.getFileContents('/moved.qcow2', { format: 'text' }),
  'content of an image',
);
for (const path of ['/old', '/new', '/moved.qcow2']) await client.deleteFile(path);
assert.deepEqual(await client.getDirectoryContents('/'), []);

const stranger = createClient(url, { authType, username, password: 'wrong' });
await assert.rejects(stranger.getDirectoryContents('/'), { status: 401 });
await assert.rejects(stranger.putFileContents('/x', 'x'), { status: 401 });
