// Ways to break a CPI from outside: to change what it is asked, and what it answers.
import type { CpiExchange, CpiProgram, RunCpi } from '../../../bats-runner/director/cpi-process.js';

export type Break = (cpi: RunCpi) => RunCpi;

/** What a CPI does wrong, how, and what the case says that finds it. */
export type BrokenCpi = readonly [what: string, how: Break, says: string | RegExp];

/** By case. */
export type BrokenCpis = Readonly<Record<string, BrokenCpi>>;

/** A CPI request or response, freely changed. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests look freely into JSON
type Document = any;

/** Changes the request on its way to the CPI; input that is no request passes as it is. */
export function asked(change: (request: Document) => Document): Break {
  return (cpi) => (program, caller, input) => {
    const request = parsed(input);
    if (typeof request?.method !== 'string') return cpi(program, caller, input);
    return cpi(program, caller, JSON.stringify(change(request)));
  };
}

/** Changes what the CPI answers. */
export function answers(change: (response: Document, request: Document) => Document): Break {
  return (cpi) => async (program, caller, input) => {
    const exchange = await cpi(program, caller, input);
    const response = change(parsed(exchange.stdout), parsed(input));
    return { ...exchange, stdout: JSON.stringify(response) };
  };
}

/** Changes anything that the process of a call gives. */
export function gives(
  change: (exchange: CpiExchange, input: string, program: CpiProgram) => Partial<CpiExchange>,
): Break {
  return (cpi) => async (program, caller, input) => {
    const exchange = await cpi(program, caller, input);
    return { ...exchange, ...change(exchange, input, program) };
  };
}

/** Answers a call of one method in the place of the CPI. */
export function insteadOf(
  method: string,
  answer: (request: Document) => Document = () => good(null),
): Break {
  return (cpi) => (program, caller, input) => {
    const request = parsed(input);
    if (request?.method !== method) return cpi(program, caller, input);
    const stdout = JSON.stringify(answer(request));
    return Promise.resolve({ stdout, stderr: '', exitCode: 0, durationMs: 0 });
  };
}

/** Makes another call before each of one method. */
export function first(method: string, other: (request: Document) => Document): Break {
  return (cpi) => async (program, caller, input) => {
    const request = parsed(input);
    if (request?.method === method) {
      await cpi(program, caller, JSON.stringify({ ...request, ...other(request) }));
    }
    return cpi(program, caller, input);
  };
}

/** Makes another call after each of one method, unless there is none to be made. */
export function after(
  method: string,
  other: (response: Document, request: Document) => Document,
): Break {
  return (cpi) => async (program, caller, input) => {
    const exchange = await cpi(program, caller, input);
    const request = parsed(input);
    const call = request?.method === method ? other(parsed(exchange.stdout), request) : undefined;
    if (call !== undefined) await cpi(program, caller, JSON.stringify({ ...request, ...call }));
    return exchange;
  };
}

/** Changes the error of an answer that has one. */
export function errs(change: (error: Document, request: Document) => Document): Break {
  return answers((response, request) =>
    response.error === null ? response : { ...response, error: change(response.error, request) },
  );
}

/** Answers a result where there should be an error. */
export function swallows(result: unknown): Break {
  return answers((response) => (response.error === null ? response : good(result)));
}

/** Changes the argument at a position of one method's calls. */
export function argument(
  method: string,
  position: number,
  change: (value: Document) => unknown,
): Break {
  return asked((request) =>
    request.method === method && request.arguments.length > position
      ? {
          ...request,
          arguments: request.arguments.with(position, change(request.arguments[position])),
        }
      : request,
  );
}

/** Changes the cloud_properties of VMs that are to be made. */
export function properties(change: (value: Document) => unknown): Break {
  return argument('create_vm', 2, change);
}

/** Changes each network of VMs that are to be made; those that become undefined are left out. */
export function networks(change: (network: Document, name: string) => unknown): Break {
  return argument('create_vm', 3, (value: object) =>
    Object.fromEntries(
      Object.entries(value)
        .map(([name, network]) => [name, change(network, name)] as const)
        .filter(([, network]) => network !== undefined),
    ),
  );
}

/** A copy without a key. */
export const without =
  (key: string) =>
  (value: object): object => ({ ...value, [key]: undefined });

/** Answers to one method a result that is made of the real one. */
export function results(method: string, change: (result: Document) => unknown): Break {
  return answers((response, request) =>
    request?.method === method && response.error === null
      ? { ...response, result: change(response.result) }
      : response,
  );
}

/** Takes calls of one method for calls of version 2, whatever they are. */
export const speaksVersion2 = (method: string): Break =>
  asked((request) => (request.method === method ? { ...request, api_version: 2 } : request));

/** One break around another. */
export const both =
  (outer: Break, inner: Break): Break =>
  (cpi) =>
    outer(inner(cpi));

/** Answers to `info` another version. */
export const withVersion = (response: { result: object }, version: number): object => ({
  ...response,
  result: { ...response.result, api_version: version },
});

/** Handles each request as it likes, with calls of the CPI. */
export function handles(
  handle: (request: Document, call: (request: Document) => Promise<Document>) => Promise<Document>,
): Break {
  return (cpi) => async (program, caller, input) => {
    const call = async (request: Document): Promise<Document> =>
      parsed((await cpi(program, caller, JSON.stringify(request))).stdout);
    const stdout = JSON.stringify(await handle(parsed(input), call));
    return { stdout, stderr: '', exitCode: 0, durationMs: 0 };
  };
}

/** Answers an error to a call of a method for what was deleted by an earlier one. */
export function misses(method: string): Break {
  return (cpi) => {
    const deleted = new Set<string>();
    return handles(async (request, call) => {
      const [cid] = request.arguments;
      if (request.method === method && deleted.has(cid)) return bad('CloudError');
      if (request.method === method) deleted.add(cid);
      return call(request);
    })(cpi);
  };
}

/** Tries nothing again: after the first call each answer of a cloud is its last word. */
export const onlyOnce: Break = (cpi) => {
  let calls = 0;
  return answers((response) => ((calls += 1) === 1 ? response : bad('CloudError')))(cpi);
};

/** Answers calls of a method at once, and carries each out when the next such call comes. */
export function later(method: string): Break {
  return (cpi) => {
    const due: Document[] = [];
    return handles(async (request, call) => {
      if (request.method !== method) return call(request);
      for (const late of due.splice(0)) await call(late);
      due.push(request);
      return good(null);
    })(cpi);
  };
}

/** Handles requests with the knowledge of which VM each disk is attached to. */
function knowsHolders(
  handle: (
    request: Document,
    call: (request: Document) => Promise<Document>,
    holders: ReadonlyMap<string, string>,
  ) => Promise<Document>,
): Break {
  return (cpi) => {
    const holders = new Map<string, string>();
    return handles((request, call) => {
      const noting = async (one: Document): Promise<Document> => {
        const response = await call(one);
        const [vm, disk] = one.arguments;
        if (response.error === null && one.method === 'attach_disk') holders.set(disk, vm);
        if (response.error === null && one.method === 'detach_disk') holders.delete(disk);
        return response;
      };
      return handle(request, noting, holders);
    })(cpi);
  };
}

/** Before a call of a method detaches the disk at a position of its arguments from any VM. */
export function detachesBefore(method: string, position: number): Break {
  return knowsHolders(async (request, call, holders) => {
    const disk = request.arguments[position];
    const holder = request.method === method ? holders.get(disk) : undefined;
    if (holder !== undefined) {
      await call({ ...request, method: 'detach_disk', arguments: [holder, disk] });
    }
    return call(request);
  });
}

/** Deletes disks together with the VM that they are attached to. */
export const losesDisks: Break = knowsHolders(async (request, call, holders) => {
  if (request.method === 'delete_vm') {
    for (const [disk, holder] of [...holders]) {
      if (holder !== request.arguments[0]) continue;
      await call({ ...request, method: 'detach_disk', arguments: [holder, disk] });
      await call({ ...request, method: 'delete_disk', arguments: [disk] });
    }
  }
  return call(request);
});

export function good(result: unknown): Document {
  return { result, error: null, log: '' };
}

export function bad(type: string): Document {
  const error = { type: `Bosh::Clouds::${type}`, message: 'broken', ok_to_retry: false };
  return { result: null, error, log: '' };
}

function parsed(text: string): Document {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
