import { ownPackedGlyphs, UNITS_PER_EM } from './glyphs.js'
import { trueTypeGlyph, writeTrueType, type TrueTypeGlyph } from './truetype.js'

/** Outlines turned into TrueType so far; null where we have none. At most as many as the outline file has, and 1,000 that it lacks. */
const glyphs = new Map<string, TrueTypeGlyph | null>()
let missing = 0

function glyphOf (character: string): TrueTypeGlyph | null {
  let glyph = glyphs.get(character)
  if (glyph !== undefined) return glyph
  const packed = ownPackedGlyphs()(character)
  glyph = (packed === undefined ? undefined : trueTypeGlyph(packed)) ?? null
  if (glyph !== null || missing++ < 1000) glyphs.set(character, glyph)
  return glyph
}

/** In em; what we have no outline of is as wide as Chinese fonts have it: ASCII half, all else whole. */
export function characterWidth (character: string): number {
  const glyph = glyphOf(character)
  return glyph !== null ? glyph.advance / UNITS_PER_EM : (character.codePointAt(0) as number) < 0x80 ? 0.5 : 1
}

/** Can all of this be shown in the font that a licence brings along? */
export function hasOutlines (text: string): boolean {
  for (const character of text) if (glyphOf(character) === null) return false
  return true
}

/** The font of one licence: the characters of these texts, as far as we have outlines. The same texts give the same bytes. */
export function licenceFont (texts: Iterable<string>): Buffer {
  const characters = new Set<string>()
  for (const text of texts) for (const character of text) characters.add(character)
  const found: Array<[number, TrueTypeGlyph]> = []
  for (const character of characters) {
    const glyph = glyphOf(character)
    if (glyph !== null) found.push([character.codePointAt(0) as number, glyph])
  }
  return writeTrueType('Mianzheng Licence', found.sort(([a], [b]) => a - b))
}
