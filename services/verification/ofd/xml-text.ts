const NAMED: Record<string, string> = { lt: '<', gt: '>', amp: '&', apos: "'", quot: '"' }
const REFERENCE = /&(?:(lt|gt|amp|apos|quot)|#(?:([0-9]{1,7})|x([0-9a-fA-F]{1,6})));|&/g

/**
 * Replaces the five entities and character references.
 * @returns undefined where another entity, a bare `&`, or a character that XML forbids stands there
 * @see XML 1.0, 4.1 and 4.6
 */
export function decodeReferences (text: string): string | undefined {
  let bad = false
  const decoded = text.replace(REFERENCE, (_, named?: string, decimal?: string, hexadecimal?: string) => {
    if (named !== undefined) return NAMED[named] as string
    const code = decimal !== undefined ? Number.parseInt(decimal, 10) : Number.parseInt(hexadecimal ?? '', 16)
    if (!isCharacter(code)) {
      bad = true
      return ''
    }
    return String.fromCodePoint(code)
  })
  return bad ? undefined : decoded
}

/** XML 1.0, 2.2; NaN is none. */
function isCharacter (code: number): boolean {
  return code === 0x09 || code === 0x0a || code === 0x0d || (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) || (code >= 0x10000 && code <= 0x10ffff)
}
