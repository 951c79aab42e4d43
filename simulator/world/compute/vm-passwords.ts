import { constants, createPublicKey, publicEncrypt, type KeyObject } from 'node:crypto';
import type { RandomStreams } from '../../kernel/random.js';
import { cloudRuntime } from '../cloud-exception.js';
import type { VmRow } from '../entities.js';
import { PUBLIC_KEY_DETAIL } from '../identity/ssh-keys.js';
import type { World } from '../world.js';

/** The detail of a VM that its password is kept in, for the owner of its key alone (VmDetailConstants). */
export const ENCRYPTED_PASSWORD_DETAIL = 'Encrypted.Password';

/** Draws a password of `vm.password.length` characters (PasswordGenerator.generateRandomPassword). */
export function drawPassword(world: World): string {
  const { random } = world.kernel;
  const length = world.settings.get('vm.password.length');
  if (length < MIN_LENGTH) return drawn(random, Array<string>(MIN_LENGTH).fill(ALPHANUMERIC));
  const rest = Array<string>(length - MIN_LENGTH).fill(ALPHANUMERIC);
  return shuffled(random, drawn(random, [LOWER_CASE, UPPER_CASE, DIGITS, ...rest]));
}

/**
 * Gives a VM a password: its network hands it to the guest, and where the VM has an RSA key it is
 * kept, too, so that who has the private key can read it (UserVmManagerImpl.encryptAndStorePassword).
 */
export function givePassword(world: World, vm: VmRow, password: string): void {
  const publicKey = vm.details[PUBLIC_KEY_DETAIL] ?? '';
  const encrypted = publicKey.startsWith('ssh-rsa')
    ? { [ENCRYPTED_PASSWORD_DETAIL]: encryptedFor(world.kernel.random, publicKey, password) }
    : {};
  world.vms.change(vm, { password, details: { ...vm.details, ...encrypted } });
}

/** The details without a password that the VM's present keys do not open. */
export function withoutEncryptedPassword(
  details: Readonly<Record<string, string>>,
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(details).filter(([name]) => name !== ENCRYPTED_PASSWORD_DETAIL),
  );
}

// Without those that look alike.
const LOWER_CASE = 'abcdefghijkmnpqrstuvwxyz';
const UPPER_CASE = 'ABCDEFGHIJKMNPQRSTUVWXYZ';
const DIGITS = '23456789';
const ALPHANUMERIC = `${UPPER_CASE}${LOWER_CASE}${DIGITS}`;
const MIN_LENGTH = 3;

function drawn(random: RandomStreams, alphabets: readonly string[]): string {
  return alphabets
    .map((alphabet) => alphabet.charAt(random.integer('vm-passwords', alphabet.length)))
    .join('');
}

function shuffled(random: RandomStreams, text: string): string {
  const left = Array.from(text);
  let result = '';
  while (left.length > 0) {
    result += left.splice(random.integer('vm-passwords', left.length), 1).join('');
  }
  return result;
}

/** PKCS #1 v1.5, padded from the world's own randomness: Node's would differ in each run. */
function encryptedFor(random: RandomStreams, publicKey: string, password: string): string {
  const key = rsaKeyIn(publicKey);
  const bytes = (key?.asymmetricKeyDetails?.modulusLength ?? 0) / 8;
  const content = Buffer.from(password);
  const paddingLength = bytes - content.length - 3;
  if (key === undefined || paddingLength < MIN_PADDING) {
    throw cloudRuntime('Error encrypting password');
  }
  const padding = Buffer.from(
    Array.from({ length: paddingLength }, () => 1 + random.integer('vm-passwords', 255)),
  );
  const block = Buffer.concat([Buffer.of(0, 2), padding, Buffer.of(0), content]);
  return publicEncrypt({ key, padding: constants.RSA_NO_PADDING }, block).toString('base64');
}

const MIN_PADDING = 8;

/** The first key of a VM; undefined if its bytes are no RSA key (RSAHelper.readKey). */
function rsaKeyIn(publicKey: string): KeyObject | undefined {
  const wire = Buffer.from(publicKey.split(/[ \n]/)[1] ?? '', 'base64');
  const [format, exponent, modulus] = partsOf(wire);
  if (format?.toString() !== 'ssh-rsa' || exponent === undefined || modulus === undefined) {
    return undefined;
  }
  try {
    return createPublicKey({
      format: 'jwk',
      key: { kty: 'RSA', e: exponent.toString('base64url'), n: unsigned(modulus) },
    });
  } catch {
    return undefined;
  }
}

/** Each part has its length before it, in four bytes. */
function partsOf(wire: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  let offset = 0;
  while (offset + 4 <= wire.length) {
    const end = offset + 4 + wire.readUInt32BE(offset);
    if (end > wire.length) return parts;
    parts.push(wire.subarray(offset + 4, end));
    offset = end;
  }
  return parts;
}

/** A positive number of the SSH protocol may have a zero byte before it. */
function unsigned(bytes: Buffer): string {
  return (bytes[0] === 0 ? bytes.subarray(1) : bytes).toString('base64url');
}
