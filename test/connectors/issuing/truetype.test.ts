import opentype from 'opentype.js'
import t from 'tap'
import { ownGlyphs, ownPackedGlyphs, UNITS_PER_EM } from '../../../connectors/issuing/glyphs.js'
import { characterWidth, hasOutlines, licenceFont } from '../../../connectors/issuing/licence-font.js'
import { trueTypeGlyph } from '../../../connectors/issuing/truetype.js'

const parse = (font: Buffer) => opentype.parse(new Uint8Array(font).buffer)

type Line = readonly [x1: number, y1: number, x2: number, y2: number]
interface Step { type: string, x?: number, y?: number, x1?: number, y1?: number }

/** An outline as short straight lines. */
function lines (steps: readonly Step[]): Line[] {
  const drawn: Line[] = []
  let [x, y, startX, startY] = [0, 0, 0, 0]
  const to = (nextX: number, nextY: number): void => { drawn.push([x, y, nextX, nextY]); [x, y] = [nextX, nextY] }
  for (const { type, x: toX = startX, y: toY = startY, x1 = 0, y1 = 0 } of steps) {
    if (type === 'M') [x, y, startX, startY] = [toX, toY, toX, toY]
    else if (type === 'Q') {
      const [fromX, fromY] = [x, y]
      for (let k = 1; k <= 8; k++) {
        const [a, b, c] = [(1 - k / 8) ** 2, 2 * (k / 8) * (1 - k / 8), (k / 8) ** 2]
        to(a * fromX + b * x1 + c * toX, a * fromY + b * y1 + c * toY)
      }
    } else to(toX, toY)
  }
  return drawn
}

function ours (character: string): Step[] {
  const path = ownGlyphs()(character)?.path ?? ''
  return [...path.matchAll(/([MLQZ])([^MLQZ]*)/g)].map(([, type = '', numbers = '']) => {
    const [a = 0, b = 0, c, d] = numbers.trim().split(/\s+/).map(Number)
    return type === 'Z' ? { type } : c === undefined ? { type, x: a, y: b } : { type, x1: a, y1: b, x: c, y: d as number }
  })
}

/** The farthest that an end of a line of `some` lies from all lines of `others`. */
function farthest (some: readonly Line[], others: readonly Line[]): number {
  const distance = (px: number, py: number, [x1, y1, x2, y2]: Line): number => {
    const [dx, dy] = [x2 - x1, y2 - y1]
    const along = Math.max(0, Math.min(1, ((px - x1) * dx + (py - y1) * dy) / (dx * dx + dy * dy || 1)))
    return Math.hypot(x1 + along * dx - px, y1 + along * dy - py)
  }
  return Math.max(...some.map(([, , x, y]) => Math.min(...others.map(line => distance(x, y, line)))))
}

t.test('another reader finds each character of the font, with its outline and width', async t => {
  const text = '示例省衢州市食品经营许可证，A1（2026）；疆藏繁gQ8&@%'
  const font = parse(licenceFont([text]))
  t.equal(font.unitsPerEm, UNITS_PER_EM)
  for (const character of new Set(text)) {
    const glyph = font.charToGlyph(character)
    t.not(glyph?.index, 0, character)
    t.equal(glyph?.advanceWidth, ownGlyphs()(character)?.advance, character)
    const [there, here] = [lines(font.charToGlyph(character)?.getPath(0, 0, UNITS_PER_EM).commands ?? []), lines(ours(character))]
    t.ok(farthest(there, here) < 1, `${character} has nothing that was not drawn`)
    t.ok(farthest(here, there) < 1, `${character} lacks nothing that was drawn`)
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

t.test('what is drawn without it is left out: a bend that is none, a point on a line, a point half-way', async t => {
  // a square with a bend of half a unit on its upper side and a point on its left side
  t.match(trueTypeGlyph(['mqlll', '0 50 50 0 -100 0', '0 -1 1 100 0 -50', 200]), { points: 4, contours: 1 })
  // a circle in four bends: what lies on it is half-way between what steers it, but for the point where it begins
  t.match(trueTypeGlyph(['mqqqq', '50 50 0 0 -50 -50 0 0 50', '0 0 50 50 0 0 -50 -50 0', 200]), { points: 5, contours: 1 })
})

t.test('steps of more than 255 are written in two bytes', async t => {
  const glyph = trueTypeGlyph(['mlll', '-300 600 0 -600', '-300 0 600 0', 200])
  t.match(glyph, { points: 4, contours: 1, bounds: { left: -300, right: 300, top: 300, bottom: -300 } })
})
