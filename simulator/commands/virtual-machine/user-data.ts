import type { CommandContext } from '../../declare/context.js';
import { invalidParameter } from '../../world/cloud-exception.js';
import type { UserDataRow, VmRow } from '../../world/entities.js';
import { isBefore } from '../../world/settings/release.js';

/** The longest user data of a request in characters; POST is limited by the parameter's length. */
export const MAX_USER_DATA_LENGTH = 1_048_576;

/** Both alphabets of base64, as Java's decoder takes them. */
const BASE64 = /^[A-Za-z0-9+/_=\s-]*$/;

/** How a request gives a VM its user data. */
export interface UserDataArguments {
  readonly userdata?: string | undefined;
  /** Registered before. */
  readonly userdataid?: UserDataRow | undefined;
  /** The values of its variables. */
  readonly userdatadetails?: Readonly<Record<string, string>> | undefined;
}

/**
 * What a request says of a VM's user data, as CloudStack stores it; null where it says nothing, for
 * which empty user data count, too (UserVmManagerImpl.finalizeUserData).
 */
export function userDataColumns(
  context: CommandContext,
  { userdata = '', userdataid: registered, userdatadetails = {} }: UserDataArguments,
): Pick<VmRow, 'userData' | 'userDataId' | 'userDataDetails'> {
  if (registered !== undefined && userdata !== '') {
    throw invalidParameter(
      'Both userdata and userdata ID inputs are not allowed, please provide only one',
    );
  }
  const sent = registered === undefined ? userdata : registered.content;
  return {
    userData: sent === '' ? null : storedUserData(context, sent),
    userDataId: registered?.id ?? null,
    userDataDetails: javaMapText(userdatadetails),
  };
}

/** A Java map as text; null for an empty one. */
function javaMapText(values: Readonly<Record<string, string>>): string | null {
  const entries = Object.entries(values);
  if (entries.length === 0) return null;
  return `{${entries.map(([name, value]) => `${name}=${value}`).join(', ')}}`;
}

/**
 * Base64 with padding. All limits count the characters that were sent
 * (UserDataManagerImpl.validateUserData; before 4.19 UserVmManagerImpl, in other words).
 */
export function storedUserData(context: CommandContext, sent: string): string {
  const text = sent.includes('%') ? urlDecoded(sent) : sent;
  const said = isBefore(context.world, '4.19') ? earlierTexts : texts;
  if (!BASE64.test(text)) throw invalidParameter(said.notBase64);
  const bytes = Buffer.from(text, 'base64');
  if (bytes.length < 1) throw invalidParameter(said.tooShort);
  if (context.httpMethod === 'GET' && text.length > said.longestOfGet) {
    throw invalidParameter(said.tooLongForGet);
  }
  const maxLength = context.world.settings.get('vm.userdata.max.length');
  if (text.length > maxLength) throw invalidParameter(`${said.tooLong} ${maxLength}`);
  return bytes.toString('base64');
}

const texts = {
  notBase64: 'User data is not base64 encoded.',
  tooShort: 'User data is too short.',
  longestOfGet: 4_096,
  tooLongForGet: 'User data is too long for http GET request',
  tooLong: 'User data has exceeded configurable max length:',
} as const;

const earlierTexts = {
  notBase64: 'User data is not base64 encoded',
  tooShort: 'User data is too short',
  longestOfGet: 4_095,
  tooLongForGet: 'User data is too long for an http GET request',
  tooLong: 'User data has exceeded configurable max length :',
} as const;

/**
 * Java's URLDecoder: a plus sign is a blank there. For a broken escape it has texts of its own, which
 * differ between versions of Java; here CloudStack's general one stands for them.
 */
function urlDecoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    throw invalidParameter('Url decoding of userdata failed.');
  }
}
