import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, constants } from 'node:zlib'
import opentype, { type Font } from 'opentype.js'
import { projectRoot } from '../../services/core/project-root.js'
import { GLYPH_FILE, packGlyph, UNITS_PER_EM, type GlyphFile, type PackedGlyph } from './glyphs.js'

// Makes glyphs/noto-serif-sc.json.br anew: node dist/connectors/issuing/cut-glyphs.js FOLDER, where FOLDER holds the WOFF slices
// of one weight of Noto Serif SC. glyphs/README.md says where those come from.

/** What names of provinces, prefectures, counties and districts hold beyond GB 2312 level 1, and marks of licences. */
const BESIDES = '衢亳濮漯圳莞儋泸坻陉藁栾妃涞蠡涿骅猗稷绛芮岢岚隰赉磴岫鲅蛟桦洮珲讷箐闵邺溧睢邳盱眙邗沭泗鄞瓯浔暨嵊婺岱缙畲鸠弋沚庵濉枞歙黟琊谯颍埇砀璧泾旌芗诏' +
  '柘濂鄱崂峄滕罘朐兖汶莒郯茌莘棣郓鄄荥杞瀍偃嵩郏淇陟鄢郾渑淅浉潢驿硚陂猇秭浠蕲芙浏淞渌攸醴晖耒汨澧沅圩溆芷禺浈濠禅榕邕岑覃仫碚綦潼郫邛崃蔺邡梓犍沐阆珙筠蓥孚仡' +
  '湄阡谟麒麟蒗祜佤勐濞迦灞鄠岐崆峒岷宕湟晏坂鄯耆伽酉潞沣澜沧瀚岭坪邑堡寮' +
  '，。、；：？！“”‘’（）《》〈〉【】〔〕「」—…·～％＋－／＝×÷±°℃㎡㎥㎏№○●△□☆★①②③④⑤⑥⑦⑧⑨⑩ⅠⅡⅢⅣⅤ〇　²³'
const ASCII = Array.from({ length: 0x5f }, (_, i) => String.fromCharCode(0x20 + i)).join('')

function gb2312LevelOne (): string {
  const decoder = new TextDecoder('gb2312')
  let text = ''
  for (let row = 0xb0; row <= 0xd7; row++) for (let cell = 0xa1; cell <= (row === 0xd7 ? 0xf9 : 0xfe); cell++) text += decoder.decode(Uint8Array.of(row, cell))
  return text
}

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('name the folder that holds the font')
const glyphs = new Map<string, PackedGlyph>()
const wanted = [...new Set(gb2312LevelOne() + BESIDES + ASCII)].sort()
for (const name of readdirSync(folder).filter(name => /\.(?:woff|otf|ttf)$/.test(name)).sort()) {
  let font: Font
  try { font = opentype.parse(new Uint8Array(readFileSync(join(folder, name))).buffer) } catch (error) { console.error(`略过 left out: ${name}, ${String(error)}`); continue }
  for (const character of wanted) {
    const glyph = glyphs.has(character) ? undefined : packGlyph(font, character)
    if (glyph !== undefined) glyphs.set(character, glyph)
  }
}
const missing = wanted.filter(character => !glyphs.has(character))
if (missing.length > 0) console.error(`各字体片段都没有 no slice has: ${missing.join('')}`)
const file: GlyphFile = {
  about: 'Outlines cut from Noto Serif SC, Copyright Google Inc., SIL Open Font License 1.1: see OFL.txt beside this file',
  unitsPerEm: UNITS_PER_EM,
  glyphs: Object.fromEntries([...glyphs].sort(([a], [b]) => a < b ? -1 : 1))
}
const packed = brotliCompressSync(JSON.stringify(file), { params: { [constants.BROTLI_PARAM_LGWIN]: 24, [constants.BROTLI_PARAM_QUALITY]: 11 } })
writeFileSync(join(projectRoot(), GLYPH_FILE), packed)
console.log(`${glyphs.size} 个字，${packed.length} 字节  characters, bytes`)
