import type { Field } from '../form.js';

/** A field for a login or email. */
export function identifierField(label: string, value?: string): Field {
  return { name: 'identifier', label, required: true, ...(value && { value }) };
}
