import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import { initWasm, Resvg } from '@resvg/resvg-wasm'
import { Failure } from '../../services/core/failure.js'
import { fontGlyphs, ownGlyphs } from './glyphs.js'
import { opacityPng } from './png-writer.js'
import { SEAL_MM, sealDrawing, type SealText } from './seal-drawing.js'
import type { WorkerAnswer, WorkerRequest } from './seal-picture.js'

// Runs in a thread of its own, which ends with its last seal: the drawing engine and the outlines take 40 MB that the process
// would otherwise keep.

const OFFICIAL_RED = [0xe6, 0x00, 0x12] as const
const PIXELS_PER_MM = 10

function draw (text: SealText, glyphOf: ReturnType<typeof ownGlyphs>): Uint8Array {
  const side = SEAL_MM * PIXELS_PER_MM
  const drawing = new Resvg(sealDrawing(text, glyphOf), { fitTo: { mode: 'width', value: side } })
  const image = drawing.render()
  const pixels = image.pixels
  const opacity = new Uint8Array(side * side)
  for (let i = 0; i < opacity.length; i++) opacity[i] = pixels[i * 4 + 3] as number
  image.free()
  drawing.free()
  return opacityPng(opacity, side, side, OFFICIAL_RED)
}

async function run ({ seals, font }: WorkerRequest): Promise<WorkerAnswer> {
  try {
    await initWasm(readFileSync(createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm')))
    const own = ownGlyphs()
    const brought = font === undefined ? () => undefined : await fontGlyphs(font)
    return { pictures: seals.map(text => draw(text, character => own(character) ?? brought(character))) }
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    return { failure: { code: error.code, message: error.message, violations: [...error.violations] } }
  }
}

parentPort?.postMessage(await run(workerData as WorkerRequest))
