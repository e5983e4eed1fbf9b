import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Failure } from '../services/core/failure.js'
import { told } from '../services/core/words.js'
import { KeyLayout } from './layout.js'

/** Stands before every private key that the development authority makes; readers of PEM skip it. @see RFC 7468 section 2 */
export const DEVELOPMENT_REMARK = '# 开发密钥，仅供开发和演示，不得用于生产 · DEVELOPMENT KEY, for development and demonstration alone, never for production\n'
/** Part of the root's name, so that its certificates say so wherever they are copied. */
export const DEVELOPMENT_NAME = 'DEVELOPMENT ONLY 仅供开发'

const MARKS = [Buffer.from('DEVELOPMENT KEY'), Buffer.from(DEVELOPMENT_NAME), Buffer.from('"development":true'), Buffer.from('"development": true')]
const LARGEST_BYTES = 8 * 1024 * 1024 // beyond any key, certificate or list of ours

/**
 * For the production profile: refuses a data folder with anything in it that a development authority made, the keys themselves or
 * trust in them. The remark on each key counts as much as the marker file, since files are copied one by one.
 * @throws {Failure} DEVELOPMENT_KEYS_REFUSED naming the first file found
 */
export function assertNotDevelopment (dataDir: string): void {
  const layout = new KeyLayout(dataDir)
  if (existsSync(layout.marker)) throw refused(layout.marker)
  for (const folder of [layout.keys, layout.trust]) {
    if (!existsSync(folder)) continue
    for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
      const path = join(folder, name)
      const { size, isFile } = fileFacts(path)
      if (isFile && size <= LARGEST_BYTES && isMarked(readFileSync(path))) throw refused(path)
    }
  }
}

function fileFacts (path: string): { size: number, isFile: boolean } {
  const facts = statSync(path)
  return { size: facts.size, isFile: facts.isFile() }
}

/** In the file as it stands, and inside PEM blocks and compact JWS, whose base64 hides the words. */
function isMarked (bytes: Buffer): boolean {
  const marked = (content: Buffer): boolean => MARKS.some(mark => content.includes(mark))
  if (marked(bytes)) return true
  const text = bytes.toString('latin1')
  for (const [, body = ''] of text.matchAll(/-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]*)-----END/g)) if (marked(Buffer.from(body, 'base64'))) return true
  const jws = /^[\w-]+\.([\w-]+)\.[\w-]+\s*$/.exec(text)
  return jws !== null && marked(Buffer.from(jws[1] as string, 'base64url'))
}

function refused (path: string): Failure {
  return new Failure('DEVELOPMENT_KEYS_REFUSED', `${path}: ${told('由开发用的机构签发，不得用于生产', 'comes from a development authority and must not serve in production')}`)
}
