import type { Matter, MatterForm } from './matters.js'

/** Which items of which shared data (by title) a matter and its form name; a title without items is asked whether there is a record. */
export function dataNeeds (matter: Matter, form: MatterForm | undefined): Map<string, Set<string>> {
  const needs = new Map<string, Set<string>>()
  const walk = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return
    const { data, item, items, ask } = value as { data?: unknown, item?: unknown, items?: unknown, ask?: { item?: unknown } }
    if (typeof data === 'string') {
      const named = needs.get(data) ?? new Set<string>()
      needs.set(data, named)
      for (const name of [item, ask?.item, ...(Array.isArray(items) ? items as unknown[] : [])]) if (typeof name === 'string') named.add(name)
    }
    for (const member of Object.values(value)) walk(member)
  }
  walk(matter)
  walk(form)
  return needs
}
