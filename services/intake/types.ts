import type { Violation } from '../core/failure.js'

const SCHEMAS = 'https://mianzheng.example/schemas/events/'

/** Types of event that departments may send. */
export const EVENT_TYPES = [
  'licence.issued.v1', 'licence.changed.v1', 'licence.suspended.v1', 'licence.restored.v1', 'licence.revoked.v1',
  'licence.cancelled.v1', 'licence.expired.v1', 'licence.replaced.v1', 'record.upserted.v1', 'record.deleted.v1',
  'resource.refreshed.v1'
] as const
export type EventType = typeof EVENT_TYPES[number]

/** `$id` of an event type's schema: `licence.issued.v1` is licence-issued.v1.json. */
export function schemaIdOf (type: EventType): string {
  const version = type.lastIndexOf('.')
  return `${SCHEMAS}${type.slice(0, version).replaceAll('.', '-')}${type.slice(version)}.json`
}

type Validator = (value: unknown) => Violation[]
const compiled = new WeakMap<object, ReadonlyMap<EventType, Validator>>()
/** The validators of all types, compiled once for each `validate`. */
export function validatorsOf (validate: (schemaId: string) => Validator): ReadonlyMap<EventType, Validator> {
  let all = compiled.get(validate)
  if (all === undefined) compiled.set(validate, all = new Map(EVENT_TYPES.map(type => [type, validate(schemaIdOf(type))])))
  return all
}
