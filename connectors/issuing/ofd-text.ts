import { characterWidth } from './licence-font.js'

/** XML text or attribute value. What is written was checked to hold no control character, so these four are all that need it. */
export function escapeXml (text: string): string {
  return /[&<>"]/.test(text) ? text.replace(/[&<>"]/g, character => ENTITIES[character] as string) : text
}
const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** In em. Readers place each character where we say, whatever font they show. */
export function textWidth (text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

const NO_LINE_START = new Set('，。、；：？！）》」』”’〉】〕…,.;:?!)]}%')
/** A character; or a run of ASCII without spaces, which is broken only where it is longer than a line. */
const PIECES = /[\x21-\x7e]+|[^]/gu

/**
 * Breaks text into lines of at most `width` em. A line does not begin with a closing mark, which may hang out by one character.
 * @param width - at least 2
 */
export function breakLines (text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  let used = 0
  const flush = (): void => { lines.push(line.trimEnd()); line = ''; used = 0 }
  for (const [piece] of text.matchAll(PIECES)) {
    const wide = textWidth(piece)
    if (used + wide <= width || (used > 0 && used <= width && NO_LINE_START.has(piece))) {
      line += piece
      used += wide
    } else if (wide <= width) {
      flush()
      if (piece !== ' ') { line = piece; used = wide }
    } else {
      for (const character of piece) {
        if (used + characterWidth(character) > width) flush()
        line += character
        used += characterWidth(character)
      }
    }
  }
  if (line !== '' || lines.length === 0) flush()
  return lines
}

/** Millimetres, three decimals. */
export function mm (value: number): string { return String(Math.round(value * 1000) / 1000) }

export interface TextStyle { font: number, sizeMm: number, colour: string, bold?: boolean }

/**
 * One line of text.
 * @param x - left edge; `y` - top of the line, which is 1.3 times as high as its characters
 * @param spread - spread the characters evenly over this width instead, in mm
 */
export function textObject (id: number, text: string, x: number, y: number, { font, sizeMm, colour, bold }: TextStyle, spread?: number): string {
  const characters = [...text]
  const natural = textWidth(text) * sizeMm
  const gap = spread === undefined || characters.length < 2 ? 0 : (spread - natural) / (characters.length - 1)
  const steps = characters.slice(0, -1).map(character => mm(characterWidth(character) * sizeMm + gap))
  const deltas = steps.length === 0 ? '' : ` DeltaX="${packSteps(steps)}"`
  const width = (spread ?? natural) + sizeMm * 0.5 // a font whose characters are wider than said must not be clipped
  return `<ofd:TextObject ID="${id}" Boundary="${mm(x)} ${mm(y)} ${mm(width)} ${mm(sizeMm * 1.3)}" Font="${font}" Size="${mm(sizeMm)}"${bold === true ? ' Weight="700"' : ''}>` +
    `<ofd:FillColor Value="${colour}"/><ofd:TextCode X="0" Y="${mm(sizeMm)}"${deltas}>${escapeXml(text)}</ofd:TextCode></ofd:TextObject>`
}

/** `g 3 5 2.5`: three steps of 5, one of 2.5. @see GB/T 33190-2016 11.3 */
function packSteps (steps: readonly string[]): string {
  const packed: string[] = []
  for (let i = 0; i < steps.length;) {
    let end = i
    while (end < steps.length && steps[end] === steps[i]) end++
    if (end - i > 2) packed.push(`g ${end - i} ${steps[i]}`)
    else packed.push(...steps.slice(i, end))
    i = end
  }
  return packed.join(' ')
}
