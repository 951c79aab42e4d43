import { Redactor } from '../../protocol/redactor.js';
import { parseRequest } from '../../protocol/request.js';
import { renderResponse } from '../../protocol/response.js';
import { info } from '../info.js';

/**
 * The response to a good request for `info`; undefined for every other request, for which there is
 * runCall. Directors ask for `info` before nearly every call, so this must need nothing.
 */
export async function answerInfo(input: string): Promise<string | undefined> {
  try {
    const request = parseRequest(input);
    if (request.method !== info.name) return undefined;
    const result = await info.run(noCloud, request.arguments);
    return renderResponse({ result }, '', new Redactor());
  } catch {
    return undefined;
  }
}

function noCloud(): Promise<never> {
  return Promise.reject(new Error('info needs no cloud'));
}
