import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import type { Font } from 'opentype.js'
import { Failure } from '../../services/core/failure.js'
import { projectRoot } from '../../services/core/project-root.js'
import { told } from '../../services/core/words.js'

/** Outline of one character on a grid of `UNITS_PER_EM`, y growing downwards from the baseline. */
export interface Glyph {
  /** SVG path data. */
  path: string
  advance: number
}
export type FindGlyph = (character: string) => Glyph | undefined

/** Fine enough for a character of 8 mm on paper, and half the size of the font's own grid. */
export const UNITS_PER_EM = 200
export const GLYPH_FILE = 'connectors/issuing/glyphs/noto-serif-sc.json.br'

/** A glyph as the file keeps it: the path's commands, then its steps in x and in y, since likes beside likes compress better. */
export type PackedGlyph = [commands: string, xs: string, ys: string, advance: number]
export interface GlyphFile { about: string, unitsPerEm: number, glyphs: Record<string, PackedGlyph> }

const POINTS: Record<string, number> = { m: 1, l: 1, q: 2, c: 3, z: 0 }

/** @param glyph - an opentype.js glyph; `unitsPerEm` its font's grid */
export function packGlyph (font: Font, character: string): PackedGlyph | undefined {
  const glyph = font.charToGlyph(character)
  if (glyph === undefined || glyph.index === 0) return undefined // index 0 is the box that stands for what the font lacks
  const xs: number[] = []
  const ys: number[] = []
  let commands = ''
  let [x, y] = [0, 0]
  const point = (toX: number, toY: number): void => {
    const [gridX, gridY] = [Math.round(toX), Math.round(toY)]
    xs.push(gridX - x)
    ys.push(gridY - y)
    ;[x, y] = [gridX, gridY]
  }
  for (const command of glyph.getPath(0, 0, UNITS_PER_EM).commands) {
    if (command.type === 'Z') { commands += 'z'; continue }
    if (command.type === 'L' && Math.round(command.x) === x && Math.round(command.y) === y) continue
    commands += command.type.toLowerCase()
    if (command.type === 'Q' || command.type === 'C') point(command.x1, command.y1)
    if (command.type === 'C') point(command.x2, command.y2)
    point(command.x, command.y)
  }
  return [commands, xs.join(' '), ys.join(' '), Math.round(glyph.advanceWidth * UNITS_PER_EM / font.unitsPerEm)]
}

/** Path data with absolute coordinates, since each step in the packed form counts from the point before it. */
function unpackGlyph ([commands, packedXs, packedYs, advance]: PackedGlyph): Glyph {
  const xs = packedXs.split(' ').map(Number)
  const ys = packedYs.split(' ').map(Number)
  let [at, x, y, path] = [0, 0, 0, '']
  for (const command of commands) {
    path += command.toUpperCase()
    for (let i = 0; i < (POINTS[command] ?? 0); i++, at++) path += `${x += xs[at] ?? 0} ${y += ys[at] ?? 0} `
  }
  return { path: path.trimEnd(), advance }
}

let file: GlyphFile['glyphs'] | undefined
/** The outlines that come with the program, as the file keeps them; read once and kept, about 8 MB. */
export function ownPackedGlyphs (): (character: string) => PackedGlyph | undefined {
  const glyphs = file ??= (JSON.parse(brotliDecompressSync(readFileSync(join(projectRoot(), GLYPH_FILE))).toString()) as GlyphFile).glyphs
  return character => Object.hasOwn(glyphs, character) ? glyphs[character] : undefined
}

/** The outlines that come with the program: GB 2312 level 1, what names of places need besides, ASCII, and marks of licences. */
export function ownGlyphs (): FindGlyph {
  const packed = ownPackedGlyphs()
  return character => {
    const glyph = packed(character)
    return glyph === undefined ? undefined : unpackGlyph(glyph)
  }
}

/**
 * Outlines out of a font file of the operator's, for names that ours lack.
 * @param bytes - TrueType, OpenType or WOFF; WOFF2 and collections are not read
 * @throws {Failure} FONT_INVALID
 */
export async function fontGlyphs (bytes: Uint8Array): Promise<FindGlyph> {
  const { default: opentype } = await import('opentype.js')
  let font: Font
  try {
    font = opentype.parse(new Uint8Array(bytes).buffer)
  } catch (cause) {
    throw new Failure('FONT_INVALID', told('字体文件读不出来', 'the font file cannot be read'), { cause })
  }
  return character => {
    const packed = packGlyph(font, character)
    return packed === undefined ? undefined : unpackGlyph(packed)
  }
}
