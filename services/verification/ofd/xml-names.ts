/** Which characters XML names are made of. The rare planes beyond U+FFFF and the byte order mark, which
 * many parsers refuse there, are left out: such a name is refused. @see XML 1.0, 2.3 */

const START = 1
const INNER = 2
const ASCII = new Uint8Array(128)
for (let code = 0; code < 128; code++) {
  const character = String.fromCharCode(code)
  if (/[A-Za-z_]/.test(character)) ASCII[code] = START | INNER
  else if (/[-.0-9]/.test(character)) ASCII[code] = INNER
}
// eslint-disable-next-line no-misleading-character-class -- the ranges are those of the standard
const START_BEYOND_ASCII = /[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufefe\uff00-\ufffd]/
// eslint-disable-next-line no-misleading-character-class -- combining characters are meant one by one
const INNER_BEYOND_ASCII = /[\u00b7\u0300-\u036f\u203f\u2040]/

/** @returns where the name without colon that begins at `at` ends; `at` itself where none begins there */
export function endOfName (text: string, at: number): number {
  const first = text.charCodeAt(at)
  if (!(first < 128 ? (ASCII[first] as number) & START : START_BEYOND_ASCII.test(text.charAt(at)))) return at
  for (;;) {
    const code = text.charCodeAt(++at)
    if (code < 128) {
      if (ASCII[code] === 0) return at
    } else {
      // NaN, past the end, comes here too and matches neither
      const character = text.charAt(at)
      if (!START_BEYOND_ASCII.test(character) && !INNER_BEYOND_ASCII.test(character)) return at
    }
  }
}
