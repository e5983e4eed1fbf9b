import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { PNG } from 'pngjs'
import t from 'tap'
import { packFile, writeZip } from '../../../connectors/issuing/zip-writer.js'
import { projectRoot } from '../../../services/core/project-root.js'
import { OFD_LIMITS } from '../../../services/verification/ofd/limits.js'
import { readZip } from '../../../services/verification/ofd/zip.js'
import { sampleLicence } from '../../support/sample-licence.js'

// What we issue is judged by a reader that others wrote: ofdrw, resolved by its Maven coordinates into a folder outside the project.

const HERE = join(projectRoot(), 'test/outside/ofdrw')
const CACHE = join(tmpdir(), 'mianzheng-ofdrw-2.3.1')
const DOTS_PER_MM = 6

const has = (command: string): boolean => spawnSync(command, ['-version'], { stdio: 'ignore' }).status === 0
const missing = ['java', 'javac', 'mvn'].filter(command => !has(command))

/** Folder of the jars; fetched once. Undefined where they can't be fetched, which only a machine in CI may not say. */
function jars (): string | undefined {
  const ready = join(CACHE, 'lib')
  if (existsSync(ready)) return ready
  mkdirSync(CACHE, { recursive: true })
  const folder = mkdtempSync(join(CACHE, 'fetching-'))
  const maven = spawnSync('mvn', ['-q', '-B', '-f', join(HERE, 'pom.xml'), 'dependency:copy-dependencies', `-DoutputDirectory=${folder}`], { encoding: 'utf8', timeout: 240_000 })
  if (maven.status !== 0) {
    rmSync(folder, { recursive: true })
    if (process.env.CI !== undefined) throw new Error(`ofdrw could not be fetched: ${maven.stdout.slice(-500)}`)
    return undefined
  }
  if (!existsSync(ready)) renameSync(folder, ready)
  return ready
}

interface Judged { verdict: string, picture: PNG }

function judge (lib: string, files: Record<string, Uint8Array>): Record<string, Judged> {
  const folder = t.testdir()
  const classPath = [join(lib, '*'), folder].join(delimiter)
  execFileSync('javac', ['-encoding', 'UTF-8', '-cp', classPath, '-d', folder, join(HERE, 'Judge.java')])
  const names = Object.keys(files)
  for (const name of names) writeFileSync(join(folder, `${name}.ofd`), files[name] as Uint8Array)
  const args = names.flatMap(name => ['seal', join(folder, `${name}.ofd`), join(folder, `${name}.png`)])
  const said = execFileSync('java', ['-Djava.awt.headless=true', '-cp', classPath, 'Judge', ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  const verdicts = said.split('\n').filter(line => /^(?:in)?valid/.test(line))
  return Object.fromEntries(names.map((name, i) => [name, { verdict: verdicts[i] ?? 'silent', picture: PNG.sync.read(readFileSync(join(folder, `${name}.png`))) }]))
}

/** The same package with one file changed, every other byte as it was. */
function tampered (bytes: Uint8Array, name: string, change: (content: Buffer) => Buffer): Buffer {
  const read = readZip(bytes, OFD_LIMITS)
  if (!('entries' in read)) throw new Error('not an archive')
  return writeZip([...read.entries.values()].map(file => packFile(file.name, file.name === name ? change(Buffer.from(file.bytes)) : file.bytes)))
}

/** How many dots of this part of the page are of this colour; millimetres. */
function count ({ width, data }: PNG, [x, y, w, h]: [number, number, number, number], is: (red: number, green: number, blue: number) => boolean): number {
  let found = 0
  for (let row = Math.round(y * DOTS_PER_MM); row < (y + h) * DOTS_PER_MM; row++) {
    for (let column = Math.round(x * DOTS_PER_MM); column < (x + w) * DOTS_PER_MM; column++) {
      const at = (row * width + column) * 4
      if (is(data[at] as number, data[at + 1] as number, data[at + 2] as number)) found++
    }
  }
  return found
}
const isRed = (red: number, green: number, blue: number): boolean => red > 180 && green < 100 && blue < 100
const isDark = (red: number, green: number, blue: number): boolean => red < 110 && green < 110 && blue < 110

const skip = missing.length > 0 ? `ofdrw does not judge here: ${missing.join(', ')} not found; a JDK 17 and Maven make this test run` : false
if (skip !== false) console.error(`# SKIPPED: ${skip}`)

t.test('ofdrw finds our licence valid, one that was changed invalid, and draws it with title and seal', { skip }, async t => {
  const lib = jars()
  if (lib === undefined) {
    console.error('# SKIPPED: ofdrw could not be fetched by Maven')
    await t.test('ofdrw judges', { skip: 'it could not be fetched by Maven' }, async () => {})
    return
  }
  const { bytes } = await sampleLicence()
  const flipLast = (content: Buffer): Buffer => { content[content.length - 1] = (content.at(-1) as number) ^ 1; return content }
  const judged = judge(lib, {
    genuine: bytes,
    page: tampered(bytes, 'Doc_0/Pages/Page_0/Content.xml', content => Buffer.from(content.toString('utf8').replace('2031年', '2091年'))),
    metadata: tampered(bytes, 'OFD.xml', content => Buffer.from(content.toString('utf8').replace('2031-03-01', '2091-03-01'))),
    font: tampered(bytes, 'Doc_0/Res/licence.ttf', flipLast),
    value: tampered(bytes, 'Doc_0/Signs/Sign_0/SignedValue.dat', flipLast),
    untouched: tampered(bytes, 'none', content => content)
  })
  t.equal(judged.genuine?.verdict, 'valid')
  t.equal(judged.untouched?.verdict, 'valid', 'packed anew with nothing changed')
  for (const name of ['page', 'metadata', 'font', 'value']) t.match(judged[name]?.verdict, /^invalid/, name)

  const { picture } = judged.genuine as Judged
  t.same([picture.width, picture.height], [297 * DOTS_PER_MM, 210 * DOTS_PER_MM])
  t.ok(count(picture, [198, 146, 40, 40], isRed) > 5000, 'the seal over issuer and date')
  t.equal(count(picture, [0, 0, 297, 140], isRed), 0, 'and nowhere else')
  t.ok(count(picture, [240, 22, 24, 24], isDark) > 5000, 'the QR code')
  // 食品经营许可证, seven characters of 13 mm in 113.75 mm: were they the box that stands for a missing character, all would have the same ink
  const title = Array.from({ length: 7 }, (_, i) => count(picture, [91.5 + i * 16.8, 26, 13.5, 17], isDark))
  t.ok(title.every(ink => ink > 400), `the title: ${title.join(' ')}`)
  t.equal(new Set(title).size, 7, 'each character with a shape of its own')
  for (const y of [68, 78, 88]) t.ok(count(picture, [84, y, 120, 8], isDark) > 100, `a row at ${y} mm`)
})
