import {
  booleanField,
  integerField,
  listField,
  render,
  responseObject,
  stringField,
  type ResponseObject,
} from '../../declare/response.js';

/** A command as listApis describes it. */
export interface ListedApi {
  readonly name: string;
  readonly description: string;
  readonly since: string | undefined;
  readonly isAsync: boolean;
  /** The names of the commands that answer with the same kind of object. */
  readonly related: readonly string[];
  readonly parameters: readonly ListedParameter[];
  readonly fields: readonly ListedField[];
}

export interface ListedParameter {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  readonly length: number;
  readonly required: boolean;
  readonly since: string | undefined;
  /** The names of the commands that answer with what the parameter refers to. */
  readonly related: readonly string[];
}

export interface ListedField {
  readonly name: string;
  readonly description: string;
  readonly type: string;
  /** The fields of each item, where it is a list of response objects. */
  readonly fields: readonly ListedField[];
}

/** ApiParameterResponse. */
const parameterResponse = responseObject<ListedParameter>('params', {
  name: stringField(({ name }) => name),
  description: stringField(({ description }) => description),
  type: stringField(({ type }) => type),
  length: integerField(({ length }) => length),
  required: booleanField(({ required }) => required),
  since: stringField(({ since }) => since),
  related: stringField(({ related }) => namesText(related)),
});

/** ApiResponseResponse. */
const fieldResponse: ResponseObject<ListedField> = responseObject<ListedField>('response', {
  name: stringField(({ name }) => name),
  description: stringField(({ description }) => description),
  type: stringField(({ type }) => type),
  response: {
    type: 'list',
    value: ({ fields }, view) =>
      fields.length === 0 ? undefined : fields.map((field) => render(fieldResponse, field, view)),
  },
});

/** ApiDiscoveryResponse. */
export const apiResponse = responseObject<ListedApi>('api', {
  name: stringField(({ name }) => name),
  description: stringField(({ description }) => description),
  since: stringField(({ since }) => since),
  isasync: booleanField(({ isAsync }) => isAsync),
  related: stringField(({ related }) => namesText(related)),
  params: listField(parameterResponse, ({ parameters }) => parameters),
  response: listField(fieldResponse, ({ fields }) => fields),
});

function namesText(names: readonly string[]): string | undefined {
  return names.length === 0 ? undefined : names.join(',');
}
