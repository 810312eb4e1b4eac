import { IdxError, invalidField, messages } from './messages.js';

/**
 * Forms, as Ion describes them (https://ionspec.org). A form is both what a step offers and what it accepts: an answer
 * is checked against the very form that was sent, so nothing gets in that was not offered.
 */
export interface Form {
  name: string;
  /** Where it is sent, below `/idp/idx/`. Within one step every form has its own. */
  path: string;
  fields: readonly Field[];
  /** JSON path into the answer, such as `$.currentAuthenticator`. */
  relatesTo?: string;
  /** Milliseconds between two polls. */
  refresh?: number;
  submit(values: Values): void | Promise<void>;
}

export interface Field {
  name: string;
  label?: string;
  /** Default: a string. */
  type?: 'boolean' | 'object';
  required?: boolean;
  secret?: boolean;
  visible?: boolean;
  /** False: the value is fixed, as in an option. */
  mutable?: boolean;
  value?: string | boolean;
  minLength?: number;
  /** Default {@link MAX_LENGTH}. */
  maxLength?: number;
  /** Fields of an object. */
  form?: { value: readonly Field[] };
  /** Objects to choose one from. */
  options?: readonly Option[];
  relatesTo?: string;
}

export interface Option {
  label: string;
  value: { form: { value: readonly Field[] } };
  relatesTo?: string;
}

export type Value = string | boolean | Values | undefined;
export interface Values {
  readonly [name: string]: Value;
}

/** Longest string taken for a field that does not say. */
export const MAX_LENGTH = 256;

/**
 * Picks a form's values out of a request body. What the form does not name is ignored.
 *
 * @throws IdxError 400 when a value is missing or of the wrong kind, 403 when it was not offered
 */
export function readValues(fields: readonly Field[], body: unknown, parent = ''): Values {
  if (!isRecord(body)) throw new IdxError(400, parent === '' ? messages.malformed : invalidField(parent));
  const values = Object.create(null) as Record<string, Value>;
  for (const field of fields) {
    const path = parent === '' ? field.name : `${parent}.${field.name}`;
    const given = Object.hasOwn(body, field.name) ? body[field.name] : undefined;
    values[field.name] = readValue(field, given ?? undefined, path);
  }
  return values;
}

function readValue(field: Field, given: unknown, path: string): Value {
  if (field.options) return chooseOption(field, given, path);
  if (field.form) {
    if (given === undefined && !field.required) return undefined;
    return readValues(field.form.value, given ?? {}, path);
  }
  if (field.type === 'boolean') {
    if (given !== undefined && typeof given !== 'boolean') throw new IdxError(400, invalidField(path));
    return given ?? false;
  }
  if (given !== undefined && typeof given !== 'string') throw new IdxError(400, invalidField(path));
  // A password may consist of spaces or begin with one; anything else may not.
  const text = field.secret ? given : given?.trim();
  if (field.required && !text) throw new IdxError(400, messages.blank, path);
  if (text !== undefined && text.length > (field.maxLength ?? MAX_LENGTH))
    throw new IdxError(400, messages.tooLong, path);
  return text;
}

/** The first option whose fixed values are those given; its required ones must be given. */
function chooseOption(field: Field, given: unknown, path: string): Value {
  if (given === undefined && !field.required) return undefined;
  if (!isRecord(given)) throw new IdxError(400, invalidField(path));
  for (const option of field.options!) {
    const fixed = option.value.form.value;
    const matches = fixed.every(({ name, value, required }) =>
      Object.hasOwn(given, name) && given[name] !== undefined ? given[name] === value : !required,
    );
    if (matches) return Object.fromEntries(fixed.map(({ name, value }) => [name, value]));
  }
  throw new IdxError(403, messages.notAllowed);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The `credentials` object most forms have. */
export function credentials(passcode: Omit<Field, 'name'>, extra: Partial<Field> = {}): Field {
  return {
    name: 'credentials',
    type: 'object',
    form: { value: [{ name: 'passcode', required: true, ...passcode }] },
    required: true,
    ...extra,
  };
}

/** The passcode out of {@link credentials}. */
export function passcodeOf(values: Values): string {
  return (values.credentials as Values).passcode as string;
}
