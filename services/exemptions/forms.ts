/** JSON pointers into forms and their schemas. @see RFC 6901 */
export function partsOf (pointer: string): string[] { return pointer.split('/').slice(1).map(part => part.replaceAll('~1', '/').replaceAll('~0', '~')) }

export function getAt (form: unknown, pointer: string): unknown {
  let value = form
  for (const part of partsOf(pointer)) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Record<string, unknown>)[part]
  }
  return value
}

/** Makes the objects on the way. */
export function setAt (form: Record<string, unknown>, pointer: string, value: unknown): void {
  const parts = partsOf(pointer)
  const last = parts.pop() as string
  let inside = form
  for (const part of parts) {
    if (!Object.hasOwn(inside, part)) define(inside, part, {})
    inside = inside[part] as Record<string, unknown>
  }
  define(inside, last, value)
}
function define (object: object, name: string, value: unknown): void { Object.defineProperty(object, name, { value, enumerable: true, writable: true, configurable: true }) }

interface Schema { type?: unknown, title?: string, description?: string, properties?: Record<string, Schema>, items?: Schema }
export function schemaAt (schema: object, pointer: string): Schema | undefined {
  let found: Schema | undefined = schema as Schema
  for (const part of partsOf(pointer)) found = /^\d+$/.test(part) && found?.items !== undefined ? found.items : found?.properties?.[part]
  return found
}
export function typeAt (schema: object, pointer: string): unknown { return schemaAt(schema, pointer)?.type }

/** What a field is called on the form. */
export function titleAt (schema: object, pointer: string): { zh: string, en: string } {
  const { title, description } = schemaAt(schema, pointer) ?? {}
  const name = pointer === '' ? 'form' : partsOf(pointer).at(-1) ?? ''
  return { zh: title ?? name, en: description ?? title ?? name }
}
