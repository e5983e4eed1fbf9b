import opentype, { type Font } from 'opentype.js'
import t from 'tap'
import { ownGlyphs, ownPackedGlyphs, UNITS_PER_EM } from '../../../connectors/issuing/glyphs.js'
import { characterWidth, hasOutlines, licenceFont } from '../../../connectors/issuing/licence-font.js'
import { trueTypeGlyph } from '../../../connectors/issuing/truetype.js'

const parse = (font: Buffer) => opentype.parse(new Uint8Array(font).buffer)

/** Corners of a path, whatever the spelling: what TrueType leaves out is where a contour closes. */
function corners (character: string, font: Font): Set<string> {
  return new Set(font.charToGlyph(character)?.getPath(0, 0, UNITS_PER_EM).commands.filter(({ type }) => type !== 'Z').map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`))
}

t.test('another reader finds each character of the font, with its outline and width', async t => {
  const text = '示例省衢州市食品经营许可证，A1（2026）'
  const font = parse(licenceFont([text]))
  t.equal(font.unitsPerEm, UNITS_PER_EM)
  for (const character of new Set(text)) {
    const glyph = font.charToGlyph(character)
    t.not(glyph?.index, 0, character)
    t.equal(glyph?.advanceWidth, ownGlyphs()(character)?.advance, character)
    const points: string[] = ownGlyphs()(character)?.path.match(/-?\d+ -?\d+/g) ?? []
    for (const corner of corners(character, font)) t.ok(points.includes(corner), `${character} ${corner}`)
  }
  t.equal(font.charToGlyph('缺')?.index, 0)
})

t.test('the same texts give the same font, in any order', async t => {
  t.ok(licenceFont(['一二', '三']).equals(licenceFont(['三二', '一'])))
  t.notOk(licenceFont(['一二']).equals(licenceFont(['一三'])))
})

t.test('the whole font adds up to the number that readers expect', async t => {
  const font = licenceFont(['示例 12'])
  t.equal(font.length % 4, 0)
  let sum = 0
  for (let at = 0; at < font.length; at += 4) sum = (sum + font.readUInt32BE(at)) >>> 0
  t.equal(sum, 0xb1b0afba)
})

t.test('what we have no outline of is known, and as wide as Chinese fonts have it', async t => {
  t.ok(hasOutlines('示例市'))
  t.notOk(hasOutlines('示例龘'))
  t.notOk(hasOutlines('𠮷'))
  t.same([characterWidth('龘'), characterWidth('示'), characterWidth('\u007f')], [1, 1, 0.5])
  t.ok(characterWidth('i') < characterWidth('M'))
})

t.test('a blank has a width and no outline; cubic curves make no TrueType', async t => {
  t.match(trueTypeGlyph(ownPackedGlyphs()(' ') ?? ['', '', '', 0]), { contours: 0, points: 0 })
  t.equal(trueTypeGlyph(['mc', '0 1 1 1', '0 1 1 1', 200]), undefined)
})

t.test('steps of more than 255 are written in two bytes', async t => {
  const glyph = trueTypeGlyph(['mlll', '-300 600 0 -600', '-300 0 600 0', 200])
  t.match(glyph, { points: 4, contours: 1, bounds: { left: -300, right: 300, top: 300, bottom: -300 } })
})
