import { quoted, Refusal } from './refusal.js'
import type { XmlElement } from './xml-element.js'

export const OFD_NAMESPACE = 'http://www.ofdspec.org/2016'
/** As some signed field files write it. */
export const OFD_NAMESPACE_WITHOUT_YEAR = 'http://www.ofdspec.org'

/** Elements that lead to files or say what is signed: name → the elements that each may stand in. */
export type Places = ReadonlyMap<string, readonly string[]>

export function places (table: Record<string, string[]>): Places { return new Map(Object.entries(table)) }

/**
 * Holds every element named in `places` to its place and to the root's namespace. A reader that searches by name alone, or
 * anywhere in the tree, then finds what one finds that keeps to the schema.
 * @param see - called with every element below the root, in document order
 */
export function checkPlaces (root: XmlElement, places: Places, file: string, see?: (element: XmlElement) => void): void {
  const { namespace } = root
  const walk = (parent: XmlElement): void => {
    for (const element of parent.children) {
      const allowed = places.get(element.name)
      if (allowed !== undefined) {
        if (element.namespace !== namespace) throw new Refusal('OFD_FOREIGN_NAME', `${quoted(element.name)} in ${quoted(file)}`)
        if (!allowed.includes(parent.name)) throw new Refusal('OFD_ELEMENT_MISPLACED', `${quoted(element.name)} in ${quoted(parent.name)} of ${quoted(file)}`)
      }
      see?.(element)
      if (element.children.length > 0) walk(element)
    }
  }
  walk(root) // as deep as the limit on XML depth at most
}

/** Children by name; checkPlaces has seen to their namespace. */
export function all (parent: XmlElement, name: string): XmlElement[] {
  return parent.children.filter(child => child.name === name)
}

export function optional (parent: XmlElement, name: string, file: string): XmlElement | undefined {
  let found: XmlElement | undefined
  for (const child of parent.children) {
    if (child.name !== name) continue
    if (found !== undefined) throw new Refusal('OFD_ELEMENT_TWICE', `${quoted(name)} in ${quoted(parent.name)} of ${quoted(file)}`)
    found = child
  }
  return found
}

export function one (parent: XmlElement, name: string, file: string): XmlElement {
  const found = optional(parent, name, file)
  if (found === undefined) throw new Refusal('OFD_ELEMENT_MISSING', `${quoted(name)} in ${quoted(parent.name)} of ${quoted(file)}`)
  return found
}

/** The text of an element that holds nothing else, exactly as it stands there. */
export function rawValue (element: XmlElement, file: string): string {
  if (element.children.length > 0 || element.hasComment || element.hasCdata) {
    throw new Refusal('OFD_VALUE_NOT_PLAIN', `${quoted(element.name)} in ${quoted(file)}`)
  }
  return element.text
}

/** The same without white space around it. */
export function value (element: XmlElement, file: string): string {
  return rawValue(element, file).replace(/^[ \t\r\n]+|[ \t\r\n]+$/g, '')
}

export function optionalValue (parent: XmlElement, name: string, file: string): string | undefined {
  const element = optional(parent, name, file)
  return element === undefined ? undefined : value(element, file)
}

/** An attribute without prefix, as OFD writes them all; one of that name in a namespace is refused. */
export function optionalAttribute (element: XmlElement, name: string, file: string): string | undefined {
  for (const key of element.attributes.keys()) {
    if (key.charCodeAt(0) === 0x7b && key.endsWith(`}${name}`)) throw new Refusal('OFD_FOREIGN_NAME', `the attribute ${quoted(key)} in ${quoted(file)}`)
  }
  return element.attributes.get(name)
}

export function attribute (element: XmlElement, name: string, file: string): string {
  const found = optionalAttribute(element, name, file)
  if (found === undefined) throw new Refusal('OFD_VALUE_BAD', `${quoted(element.name)} in ${quoted(file)} has no ${name}`)
  return found
}

/** An identifier as OFD counts them: a whole number, written in one way only. @see GB/T 33190-2016, ST_ID */
export function id (element: XmlElement, name: string, file: string): string {
  const found = attribute(element, name, file)
  if (!/^(?:0|[1-9]\d{0,9})$/.test(found)) throw new Refusal('OFD_VALUE_BAD', `${name}=${quoted(found)} in ${quoted(file)}`)
  return found
}
