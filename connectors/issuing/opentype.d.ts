/** The little of opentype.js that we use; the package brings no types. */
declare module 'opentype.js' {
  export interface PathCommand { type: 'M' | 'L' | 'Q' | 'C' | 'Z', x: number, y: number, x1: number, y1: number, x2: number, y2: number }
  export interface Glyph {
    index: number
    advanceWidth: number
    /** @param y - baseline, growing downwards */
    getPath: (x: number, y: number, fontSize: number) => { commands: PathCommand[] }
  }
  export interface Font { unitsPerEm: number, charToGlyph: (character: string) => Glyph | undefined }
  const opentype: { parse: (bytes: ArrayBuffer) => Font }
  export default opentype
}
