import { encode } from 'uqr'
import type { DayText } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { told } from '../../services/core/words.js'
import { holderCodeTypeName, type LicenceFields } from './licence-fields.js'
import { hasOutlines } from './licence-font.js'
import { breakLines, mm, textObject, textWidth, type TextStyle } from './ofd-text.js'

/** A4 across; all lengths are millimetres from the upper left corner. */
export const PAGE = { width: 297, height: 210 }
/** Font numbers of PublicRes.xml: the one that a licence brings along, and the reader's own for lines with a character that ours lacks. */
export const FONTS = { own: 3, readers: 4 }
/** What is drawn, and the texts that need the licence's font. */
export interface Drawn { xml: string, texts: string[] }
/** No object on template or page has a greater number. */
export const MAX_UNIT_ID = 1000
const TEMPLATE_IDS_FROM = 10
const PAGE_IDS_FROM = 100

const INK = '30 30 30'
const GOLD = '166 124 52'
const BROWN = '110 78 32'

const LEFT = 36
const RIGHT = 261
const LABEL_WIDTH = 40
const VALUES_FROM = LEFT + LABEL_WIDTH + 8
const ROWS_FROM = 68
const ROWS_TO = 148
const QR = { x: 240, y: 22, side: 24 }
const ISSUER_CENTRE = 218
const ISSUER_WIDTH = 92
const ISSUER_FROM = 158

/** Where the seal goes: over the issuer's name and the date. `x y width height`. */
export const STAMP_BOUNDARY = `${ISSUER_CENTRE - 20} ${ISSUER_FROM - 12} 40 40`

/** What all licences of one name share: borders, title, captions. The page layer of Tpls/Tpl_0/Content.xml. */
export function templateContent (licenceTypeName: string): Drawn {
  let id = TEMPLATE_IDS_FROM
  const texts: string[] = []
  const line: DrawLine = (...how) => drawLine(texts, id++, ...how)
  const border = (inset: number, line: number): string => {
    const [width, height] = [PAGE.width - 2 * inset, PAGE.height - 2 * inset]
    return path(id++, inset, inset, width, height, `M 0 0 L ${width} 0 L ${width} ${height} L 0 ${height} C`, `Stroke="true" Fill="false" LineWidth="${line}"`, GOLD)
  }
  const corner = (x: number, y: number, right: boolean, down: boolean): string => {
    // Three nested angles that curl inwards, turned into each corner of the inner border.
    const [w, h] = [right ? -1 : 1, down ? -1 : 1]
    const at = (a: number, b: number): string => `${mm(w === 1 ? a : 18 - a)} ${mm(h === 1 ? b : 18 - b)}`
    const data = [2, 4].map(inset => `M ${at(inset, 18)} L ${at(inset, inset + 5)} Q ${at(inset + 5, inset + 5)} ${at(inset + 5, inset)} L ${at(18, inset)}`).join(' ') +
      ` M ${at(1, 1)} L ${at(4.5, 1)} L ${at(4.5, 4.5)} L ${at(1, 4.5)} C`
    return path(id++, right ? x - 18 : x, down ? y - 18 : y, 18, 18, data, 'Stroke="true" Fill="false" LineWidth="0.35"', GOLD)
  }
  const [inner, far, low] = [14, PAGE.width - 14, PAGE.height - 14]
  const titleSize = Math.min(13, (QR.x - LEFT - 56) / textWidth(licenceTypeName))
  const titleSpread = Math.min(QR.x - LEFT - 56, textWidth(licenceTypeName) * titleSize * 1.25)
  const xml = page([
    border(9, 1.4), border(11.5, 0.4), border(inner, 0.25),
    corner(inner, inner, false, false), corner(far, inner, true, false), corner(inner, low, false, true), corner(far, low, true, true),
    line(licenceTypeName, (PAGE.width - titleSpread) / 2, 26 + (13 - titleSize) * 0.7, { sizeMm: titleSize, colour: INK, bold: true }, titleSpread),
    path(id++, LEFT, 60, RIGHT - LEFT, 1, `M 0 0.5 L ${RIGHT - LEFT} 0.5`, 'Stroke="true" Fill="false" LineWidth="0.25"', GOLD),
    line('扫码核验真伪', QR.x + QR.side / 2 - 9, QR.y + QR.side + 1.2, { sizeMm: 3, colour: BROWN }),
    line('本证照为电子证照，加盖电子印章后生效，与纸质证照具有同等法律效力。', LEFT, 178, { sizeMm: 3.2, colour: BROWN }),
    line('证照标识', LEFT, 183.5, { sizeMm: 3.2, colour: BROWN })
  ])
  return { xml, texts }
}

interface Row { label: string, value: string }

/**
 * What one licence alone says: its rows, issuer, date, identifier and QR code. Pages/Page_0/Content.xml.
 * @throws {Failure} INPUT_INVALID the face is too long for a page even in small type
 */
export function pageContent (fields: LicenceFields, templateId: number): Drawn {
  const { holder, issuer, number, licenceId } = fields
  const rows: Row[] = [
    { label: holder.codeType === '001' ? '名称' : '姓名', value: holder.name },
    { label: holderCodeTypeName(holder.codeType), value: holder.code },
    ...Object.entries(fields.face).map(([label, value]) => ({ label, value })),
    { label: '有效期', value: fields.validUntil === undefined ? `${chineseDay(fields.validFrom)}起长期有效` : `${chineseDay(fields.validFrom)}至${chineseDay(fields.validUntil)}` }
  ]
  let id = PAGE_IDS_FROM
  const objects: string[] = []
  const texts: string[] = []
  const line: DrawLine = (...how) => {
    const drawn = drawLine(texts, id++, ...how)
    objects.push(drawn)
    return drawn
  }
  const centred = (text: string, y: number, sizeMm: number): void => {
    const size = Math.min(sizeMm, ISSUER_WIDTH / textWidth(text))
    line(text, ISSUER_CENTRE - textWidth(text) * size / 2, y, { sizeMm: size, colour: INK })
  }
  const numberSize = Math.min(4.2, 120 / textWidth(`编号：${number}`))
  line(`编号：${number}`, (PAGE.width - textWidth(`编号：${number}`) * numberSize) / 2, 49, { sizeMm: numberSize, colour: INK })
  const { size, pitch, lines } = fit(rows)
  let y = ROWS_FROM
  for (const [i, { label }] of rows.entries()) {
    const labelSize = Math.min(size, LABEL_WIDTH / textWidth(label))
    line(label, LEFT, y + (size - labelSize), { sizeMm: labelSize, colour: BROWN }, LABEL_WIDTH)
    for (const text of lines[i] as string[]) {
      line(text, VALUES_FROM, y, { sizeMm: size, colour: INK })
      y += size * LINE_PITCH
    }
    y += pitch
  }
  centred(issuer.name, ISSUER_FROM, 5.6)
  centred(chineseDay(fields.issuedOn), ISSUER_FROM + 11, 5)
  line(licenceId, LEFT + 16, 183.5, { sizeMm: Math.min(3.2, 130 / textWidth(licenceId)), colour: INK })
  objects.push(qrCode(id++, licenceId))
  // A page of the greatest length that the limits allow stays far below; were it not so, numbers would clash.
  if (id > MAX_UNIT_ID) throw tooLong()
  return { xml: page(objects, templateId), texts }
}

type DrawLine = (text: string, x: number, y: number, style: Omit<TextStyle, 'font'>, spread?: number) => string

/** A line with a character that our outlines lack is left to the reader's font as a whole: two fonts in one name look like two names. */
function drawLine (texts: string[], id: number, text: string, x: number, y: number, style: Omit<TextStyle, 'font'>, spread?: number): string {
  const own = hasOutlines(text)
  if (own) texts.push(text)
  return textObject(id, text, x, y, { ...style, font: own ? FONTS.own : FONTS.readers }, spread)
}

const LINE_PITCH = 1.45
const SIZES_MM = [5.4, 4.8, 4.2, 3.6, 3.1, 2.7]

/** The largest type in which all rows go on the page, and the room then left between rows. */
function fit (rows: readonly Row[]): { size: number, pitch: number, lines: string[][] } {
  for (const size of SIZES_MM) {
    const lines = rows.map(({ value }) => breakLines(value, (RIGHT - VALUES_FROM) / size))
    const count = lines.reduce((sum, { length }) => sum + length, 0)
    const left = ROWS_TO - ROWS_FROM - count * size * LINE_PITCH
    if (left >= size * 0.35 * rows.length) return { size, pitch: Math.min(left / rows.length, size * 1.1), lines }
  }
  throw tooLong()
}

function tooLong (): Failure {
  return new Failure('INPUT_INVALID', told('票面一页放不下', 'the face does not go on one page'), { violations: [{ pointer: '/face', message: told('太长：一页放不下', 'must be shorter: it does not go on one page') }] })
}

/** `2026年03月02日` */
function chineseDay (day: DayText): string { return `${day.slice(0, 4)}年${day.slice(5, 7)}月${day.slice(8, 10)}日` }

/** The identifier as a QR code of filled squares, one object for the whole code. */
function qrCode (id: number, text: string): string {
  // One mask for all: readers take any, and trying all eight takes ten times as long as the rest of the page.
  const { data, size } = encode(text, { ecc: 'M', border: 0, maskPattern: 2 })
  const runs: string[] = []
  for (const [y, row] of data.entries()) {
    for (let x = 0; x < size; x++) {
      if (row[x] !== true) continue
      const from = x
      while (row[x + 1] === true) x++
      runs.push(`M ${from} ${y} L ${x + 1} ${y} L ${x + 1} ${y + 1} L ${from} ${y + 1} C`)
    }
  }
  const scale = mm(QR.side / size)
  return `<ofd:PathObject ID="${id}" Boundary="${QR.x} ${QR.y} ${QR.side} ${QR.side}" CTM="${scale} 0 0 ${scale} 0 0" Stroke="false" Fill="true">` +
    `<ofd:FillColor Value="${INK}"/><ofd:AbbreviatedData>${runs.join(' ')}</ofd:AbbreviatedData></ofd:PathObject>`
}

function path (id: number, x: number, y: number, width: number, height: number, data: string, how: string, colour: string): string {
  return `<ofd:PathObject ID="${id}" Boundary="${mm(x)} ${mm(y)} ${mm(width)} ${mm(height)}" ${how}><ofd:StrokeColor Value="${colour}"/><ofd:AbbreviatedData>${data}</ofd:AbbreviatedData></ofd:PathObject>`
}

function page (objects: readonly string[], templateId?: number): string {
  return '<?xml version="1.0" encoding="UTF-8"?>\n<ofd:Page xmlns:ofd="http://www.ofdspec.org/2016">' +
    (templateId === undefined ? '' : `<ofd:Template TemplateID="${templateId}" ZOrder="Background"/>`) +
    `<ofd:Area><ofd:PhysicalBox>0 0 ${PAGE.width} ${PAGE.height}</ofd:PhysicalBox></ofd:Area>` +
    // Layers of a template and of a page are numbered apart.
    `<ofd:Content><ofd:Layer ID="${templateId === undefined ? 5 : 6}" Type="${templateId === undefined ? 'Background' : 'Body'}">${objects.join('')}</ofd:Layer></ofd:Content></ofd:Page>`
}
