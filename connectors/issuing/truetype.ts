import { UNITS_PER_EM, type PackedGlyph } from './glyphs.js'

/** Outline of one character as TrueType keeps it. */
export interface TrueTypeGlyph {
  /** An entry of `glyf`, padded to 4 bytes; empty where nothing is drawn. */
  data: Buffer
  advance: number
  bounds: Bounds
  points: number
  contours: number
  /** Of `data`, as a table's is worked out. */
  checksum: number
}
interface Bounds { left: number, bottom: number, right: number, top: number }
interface Point { x: number, y: number, on: boolean }

const ON_CURVE = 1
const X_SHORT = 2
const Y_SHORT = 4
const REPEAT = 8 // the next byte says how often
const X_SAME = 16 // positive, where short
const Y_SAME = 32
const ASCENT = Math.round(UNITS_PER_EM * 0.88)
const DESCENT = Math.round(UNITS_PER_EM * 0.12)

/** @returns undefined where the outline has cubic curves, which TrueType lacks */
export function trueTypeGlyph ([commands, packedXs, packedYs, advance]: PackedGlyph): TrueTypeGlyph | undefined {
  if (commands.includes('c')) return undefined
  const contours = contoursOf(commands, packedXs.split(' ').map(Number), packedYs.split(' ').map(Number))
  const points = contours.flat()
  const bounds = {
    left: Math.min(...points.map(({ x }) => x)),
    bottom: Math.min(...points.map(({ y }) => y)),
    right: Math.max(...points.map(({ x }) => x)),
    top: Math.max(...points.map(({ y }) => y))
  }
  if (points.length === 0) return { ...EMPTY, advance }
  const flags: number[] = []
  const xs: number[] = []
  const ys: number[] = []
  let [x, y, repeated] = [0, 0, 0]
  for (const point of points) {
    const flag = (point.on ? ON_CURVE : 0) | step(xs, point.x - x, X_SHORT, X_SAME) | step(ys, point.y - y, Y_SHORT, Y_SAME)
    const last = flags.length - 1
    if (repeated > 0 && repeated < 255 && flags[last - 1] === (flag | REPEAT)) flags[last] = ++repeated
    else if (repeated === 0 && flags[last] === flag) { flags[last] = flag | REPEAT; flags.push(repeated = 1) } else { flags.push(flag); repeated = 0 }
    x = point.x
    y = point.y
  }
  const length = 10 + contours.length * 2 + 2 + flags.length + xs.length + ys.length
  const data = Buffer.alloc((length + 3) & ~3)
  let at = data.writeInt16BE(contours.length, 0)
  for (const bound of [bounds.left, bounds.bottom, bounds.right, bounds.top]) at = data.writeInt16BE(bound, at)
  let last = -1
  for (const contour of contours) at = data.writeUInt16BE(last += contour.length, at)
  data.set([...flags, ...xs, ...ys], at + 2) // after the length of the instructions, of which there are none
  return { data, advance, bounds, points: points.length, contours: contours.length, checksum: checksum(data) }
}

/** @returns the bits of the flag that say how this step is written */
function step (bytes: number[], by: number, short: number, same: number): number {
  if (by === 0) return same
  if (Math.abs(by) < 256) {
    bytes.push(Math.abs(by))
    return by > 0 ? short | same : short
  }
  bytes.push((by >> 8) & 0xff, by & 0xff)
  return 0
}

function contoursOf (commands: string, xs: readonly number[], ys: readonly number[]): Point[][] {
  const contours: Point[][] = []
  let contour: Point[] = []
  let [at, x, y] = [0, 0, 0]
  const point = (on: boolean): void => {
    x += xs[at] as number
    y -= ys[at++] as number // outlines grow downwards, TrueType upwards
    contour.push({ x, y, on })
  }
  const close = (): void => {
    const [first, last] = [contour[0], contour.at(-1)]
    if (contour.length > 1 && first?.x === last?.x && first?.y === last?.y && last?.on === true) contour.pop() // a contour closes by itself
    const drawn = withoutNeedless(contour)
    if (drawn.length > 2) contours.push(drawn)
    contour = []
  }
  for (const command of commands) {
    if (command === 'm') close()
    if (command === 'z') continue
    if (command === 'q') point(false)
    point(true)
  }
  close()
  return contours
}

/**
 * Leaves out points that move no part of an outline by as much as a unit: bends that are hardly any, points on a straight line, and
 * those that TrueType takes for granted half-way between two that steer a curve. Whoever verifies a licence digests its font.
 */
function withoutNeedless (contour: readonly Point[]): Point[] {
  const around = <T>(points: readonly T[], at: number): T => points[(at + points.length) % points.length] as T
  const bent = contour.filter((point, i) => point.on || fromLine(point, around(contour, i - 1), around(contour, i + 1)) > 1)
  const cornered: Point[] = []
  for (let [i, dropped] = [0, [] as Point[]]; i < bent.length; i++) {
    const [before, point, after] = [cornered.at(-1) ?? around(bent, -1), bent[i] as Point, around(bent, i + 1)]
    const straight = before.on && point.on && after.on && [...dropped, point].every(one => fromLine(one, before, after) <= 0.5)
    if (straight) dropped.push(point)
    else { cornered.push(point); dropped = [] }
  }
  return cornered.filter((point, i) => {
    const [before, after] = [around(cornered, i - 1), around(cornered, i + 1)]
    return i === 0 || !point.on || before.on || after.on || Math.max(Math.abs(before.x + after.x - 2 * point.x), Math.abs(before.y + after.y - 2 * point.y)) > 1
  })
}

/** How far a point lies from the stretch between two others. */
function fromLine (point: Point, from: Point, to: Point): number {
  const [dx, dy] = [to.x - from.x, to.y - from.y]
  const along = Math.max(0, Math.min(1, ((point.x - from.x) * dx + (point.y - from.y) * dy) / (dx * dx + dy * dy || 1)))
  return Math.hypot(from.x + along * dx - point.x, from.y + along * dy - point.y)
}

/**
 * Writes a font of these characters alone.
 * @param glyphs - by code point, all in the basic plane, in ascending order; at most 1,000
 * @see ISO/IEC 14496-22 (OpenType), the tables that readers ask for
 */
export function writeTrueType (name: string, glyphs: ReadonlyArray<readonly [code: number, glyph: TrueTypeGlyph]>): Buffer {
  const all = [EMPTY, ...glyphs.map(([, glyph]) => glyph)]
  const loca = Buffer.alloc((all.length + 1) * 4)
  const hmtx = Buffer.alloc(all.length * 4)
  let offset = 0
  for (const [i, { data, advance, bounds }] of all.entries()) {
    hmtx.writeUInt16BE(advance, i * 4)
    hmtx.writeInt16BE(bounds.left, i * 4 + 2)
    offset += data.length
    loca.writeUInt32BE(offset, i * 4 + 4)
  }
  const most = (of: (glyph: TrueTypeGlyph) => number): number => all.reduce((most, glyph) => Math.max(most, of(glyph)), 0)
  const least = (of: (glyph: TrueTypeGlyph) => number): number => all.reduce((least, glyph) => Math.min(least, of(glyph)), 0)
  const bounds = [least(({ bounds }) => bounds.left), least(({ bounds }) => bounds.bottom), most(({ bounds }) => bounds.right), most(({ bounds }) => bounds.top)]
  const widest = most(({ advance }) => advance)
  return assemble(all.reduce((sum, { checksum }) => (sum + checksum) >>> 0, 0), [
    ['OS/2', words([4, widest, 500, 5, 0, ...Array<number>(11).fill(0), ...Array<number>(5).fill(0), 0, 0, 0, 0, 0, 0, 0, 0, 0x4d5a, 0x4c43, 0x40,
      glyphs[0]?.[0] ?? 0, glyphs.at(-1)?.[0] ?? 0, ASCENT, -DESCENT, 0, ASCENT, DESCENT, 0x4, 0, 0, 0, ASCENT >> 1, ASCENT, 0, 0x20, 0])],
    ['cmap', cmap(glyphs.map(([code]) => code))],
    ['glyf', Buffer.concat(all.map(({ data }) => data))],
    ['head', words([1, 0, 1, 0, 0, 0, 0x5f0f, 0x3cf5, 3, UNITS_PER_EM, 0, 0, 0, 0, 0, 0, 0, 0, ...bounds, 0, 8, 2, 1, 0])],
    ['hhea', words([1, 0, ASCENT, -DESCENT, 0, widest, 0, 0, bounds[2] as number, 1, 0, 0, 0, 0, 0, 0, 0, all.length])],
    ['hmtx', hmtx],
    ['loca', loca],
    ['maxp', words([1, 0, all.length, most(({ points }) => points), most(({ contours }) => contours), 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0])],
    ['name', names(name)],
    ['post', words([3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])]
  ])
}

const EMPTY: TrueTypeGlyph = { data: Buffer.alloc(0), advance: UNITS_PER_EM, bounds: { left: 0, bottom: 0, right: 0, top: 0 }, points: 0, contours: 0, checksum: 0 }

function words (values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2)
  for (const [i, value] of values.entries()) bytes.writeUInt16BE(value & 0xffff, i * 2)
  return bytes
}

/** Format 4: runs of codes that follow each other, each with what to add to come to the glyph. */
function cmap (codes: readonly number[]): Buffer {
  const runs: Array<{ from: number, to: number, glyph: number }> = []
  for (const [i, code] of codes.entries()) {
    const run = runs.at(-1)
    if (run !== undefined && run.to + 1 === code) run.to = code
    else runs.push({ from: code, to: code, glyph: i + 1 })
  }
  runs.push({ from: 0xffff, to: 0xffff, glyph: 0 })
  const count = runs.length
  const power = 2 ** Math.floor(Math.log2(count))
  return words([
    0, 1, 3, 1, 0, 12,
    4, 16 + count * 8, 0, count * 2, power * 2, Math.log2(power), (count - power) * 2,
    ...runs.map(({ to }) => to), 0, ...runs.map(({ from }) => from), ...runs.map(({ from, glyph }) => glyph - from), ...runs.map(() => 0)
  ])
}

function names (name: string): Buffer {
  const text = Buffer.from(name, 'utf16le').swap16()
  const kinds = [1, 2, 4, 6]
  return Buffer.concat([words([0, kinds.length, 6 + kinds.length * 12, ...kinds.flatMap(kind => [3, 1, 0x409, kind, text.length, 0])]), text])
}

/** @param glyfSum - checksum of `glyf`, the sum of its glyphs': most of a font's bytes need not be gone through again */
function assemble (glyfSum: number, tables: ReadonlyArray<readonly [tag: string, data: Buffer]>): Buffer {
  const power = 2 ** Math.floor(Math.log2(tables.length))
  const header = Buffer.alloc(12 + tables.length * 16)
  header.set(words([1, 0, tables.length, power * 16, Math.log2(power), (tables.length - power) * 16]))
  const parts: Buffer[] = [header]
  let offset = header.length
  let headAt = 0
  let whole = 0
  for (const [i, [tag, data]] of tables.entries()) {
    const at = 12 + i * 16
    header.write(tag, at, 'latin1')
    const sum = tag === 'glyf' ? glyfSum : checksum(data)
    whole = (whole + sum) >>> 0
    header.writeUInt32BE(sum, at + 4)
    header.writeUInt32BE(offset, at + 8)
    header.writeUInt32BE(data.length, at + 12)
    if (tag === 'head') headAt = offset
    const padding = -data.length & 3
    parts.push(data, Buffer.alloc(padding))
    offset += data.length + padding
  }
  const font = Buffer.concat(parts)
  font.writeUInt32BE((0xb1b0afba - whole - checksum(header)) >>> 0, headAt + 8)
  return font
}

function checksum (bytes: Buffer): number {
  let sum = 0
  const whole = bytes.length & ~3
  for (let at = 0; at < whole; at += 4) sum = (sum + bytes.readUInt32BE(at)) >>> 0
  for (let at = whole; at < bytes.length; at++) sum = (sum + ((bytes[at] as number) << (24 - 8 * (at & 3)))) >>> 0
  return sum >>> 0
}
