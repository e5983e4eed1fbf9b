import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import { FIELD_TOLD } from '../sdk/row-words.js'
import { UNITS_PER_EM, type FindGlyph, type Glyph } from './glyphs.js'

export interface SealText {
  /** Name of the institution, 2 to 40 characters. */
  name: string
  /** Number of the seal, up to 20 characters; official seals have 14 digits. */
  id: string
}

/** An official round seal is at most 42 mm wide. */
export const SEAL_MM = 40
const CENTRE = 200 // a unit is 0.1 mm
const RING = { radius: 192, stroke: 12 }
const NAME = { radius: 148, size: 56, widestStep: 31, widestArc: 248 }
const ID = { radius: 163, size: 23, step: 0.62 }
const STAR_RADIUS = 60
/** Where the middle of a Chinese character lies above its baseline, in em. */
const MIDDLE = 0.38

/**
 * Draws a round official seal in SVG: the name in an arc over a five-pointed star, the number along the lower edge. Characters are
 * outlines, never text, so that no reader's fonts can change what the seal says.
 * @throws {Failure} INPUT_INVALID, GLYPH_MISSING (names the character)
 */
export function sealDrawing ({ name, id }: SealText, glyphOf: FindGlyph): string {
  const characters = [...name]
  const digits = [...id]
  const violations = [
    ...characters.length >= 2 && characters.length <= 40 ? [] : [{ pointer: '/name', message: FIELD_TOLD.length(2, 40) }],
    ...digits.length >= 1 && digits.length <= 20 ? [] : [{ pointer: '/id', message: FIELD_TOLD.length(1, 20) }]
  ]
  if (violations.length > 0) throw new Failure('INPUT_INVALID', told('这样的文字做不成印章', 'this cannot be drawn as a seal'), { violations })
  const outline = (character: string): Glyph => {
    const glyph = glyphOf(character)
    if (glyph !== undefined) return glyph
    const named = `${character} (U+${(character.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')})`
    throw new Failure('GLYPH_MISSING', told(`没有 ${named} 的字形`, `no outline for ${named}`))
  }
  const degrees = 180 / Math.PI
  const step = Math.min(NAME.widestStep, NAME.widestArc / (characters.length - 1))
  // A long name is squeezed sideways, as engravers do, and not made smaller.
  const width = Math.min(NAME.size, step / degrees * NAME.radius * 0.98)
  const arc = characters.map((character, i) => {
    const glyph = outline(character)
    const angle = (i - (characters.length - 1) / 2) * step
    return `<path transform="rotate(${number(angle)}) translate(0 ${-NAME.radius}) scale(${number(width / UNITS_PER_EM)} ${number(NAME.size / UNITS_PER_EM)}) translate(${number(-glyph.advance / 2)} ${MIDDLE * UNITS_PER_EM})" d="${glyph.path}"/>`
  })
  const idStep = ID.size * ID.step / ID.radius * degrees
  const foot = digits.map((digit, i) => {
    const glyph = outline(digit)
    const angle = ((digits.length - 1) / 2 - i) * idStep
    const scale = number(ID.size / UNITS_PER_EM)
    return `<path transform="rotate(${number(angle)}) translate(0 ${ID.radius}) scale(${scale}) translate(${number(-glyph.advance / 2)} ${MIDDLE * UNITS_PER_EM})" d="${glyph.path}"/>`
  })
  const size = CENTRE * 2
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${size}" height="${size}" viewBox="0 0 ${size} ${size}">` +
    `<g transform="translate(${CENTRE} ${CENTRE})" fill="#000">` +
    `<circle r="${RING.radius}" fill="none" stroke="#000" stroke-width="${RING.stroke}"/><path d="${star(STAR_RADIUS)}"/>` +
    `${arc.join('')}${foot.join('')}</g></svg>`
}

function star (radius: number): string {
  const inner = radius * Math.sin(Math.PI / 10) / Math.sin(3 * Math.PI / 10)
  return Array.from({ length: 10 }, (_, i) => {
    const [r, angle] = [i % 2 === 0 ? radius : inner, Math.PI * (i / 5 - 0.5)]
    return `${i === 0 ? 'M' : 'L'}${number(r * Math.cos(angle))} ${number(r * Math.sin(angle))}`
  }).join('') + 'Z'
}

/** Three decimals: the last bits of sine and cosine may differ between machines. */
function number (value: number): string { return String(Math.round(value * 1000) / 1000) }
