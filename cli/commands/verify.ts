import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Command, InvalidArgumentError, Option } from 'commander'
import { isPurpose, PURPOSES, type Purpose } from '../../platform/crypto/index.js'
import { parseInstant } from '../../services/core/clock.js'
import { Failure } from '../../services/core/failure.js'
import { parseJson, type Json } from '../../services/core/json.js'
import { ENGINE_LIMITS, judge, loadTrustDirectory, STRICTEST, verifyDocument, type FindingCode, type Report, type Trust, type Verdict } from '../../services/verification/index.js'
import { worst } from '../../services/verification/verdict.js'
import { reportText } from './report-text.js'

interface Options { trust?: string, at?: string, json?: boolean, batch?: string, content?: string, name?: string, purpose?: Purpose }
/** One thing to verify, its paths absolute. */
interface Case { file: string, trust: string, at: string, content?: string, name?: string, purpose?: Purpose }

const EXIT: Record<Verdict, number> = { valid: 0, invalid: 1, indeterminate: 2 }
const NO_SUCH_FILE = 66

/** `mianzheng verify FILE...`: the verdict of files, with no service running. */
export function verifyCommand (): Command {
  return new Command('verify')
    .description('核验文件：不需要服务，也不联网  Verify files, with no service and no network')
    .argument('[FILE...]', 'OFD 证照、印章、证书等  OFD licences, seals, certificates')
    .option('--trust <DIR>', '信任目录  trust directory: anchors/, intermediates/, crls/, authorities.json, policy.json')
    .addOption(new Option('--at <INSTANT>', '核验时点（UTC），默认现在  the instant asked about, now unless given').argParser(instantArgument))
    .option('--json', '每个文件一行 JSON  one JSON object a line')
    .option('--batch <FILE>', '批量：每行一个 {id, file, trust, at}  one case a line, paths relative to that file')
    .option('--content <FILE>', '分离式签名的原文  what a detached signature was made over')
    .option('--name <HOST>', '证书应当写明的主机名  host that a certificate must name')
    .addOption(new Option('--purpose <PURPOSE>', '证书应当可用于  what a certificate must be good for').choices(Object.keys(PURPOSES)))
    .action(async (files: string[], options: Options, command: Command) => { process.exitCode = await run(files, options, command) })
}

async function run (files: string[], options: Options, command: Command): Promise<number> {
  const at = options.at ?? new Date().toISOString()
  if (options.batch !== undefined) {
    if (files.length > 0) command.error('--batch 与文件名不能同时使用  --batch takes no files beside it', { exitCode: 64 })
    return await runBatch(options.batch, { ...options, at }, command)
  }
  if (files.length === 0) command.error('请给出文件名  name a file', { exitCode: 64 })
  if (options.trust === undefined) command.error('请用 --trust 给出信任目录  name a trust directory with --trust', { exitCode: 64 })
  const trusts = new TrustDirectories()
  try { trusts.get(options.trust as string) } catch (error) {
    if (error instanceof Failure) command.error(`${error.code}: ${error.message}`, { exitCode: 64 })
    throw error
  }
  const { content, name, purpose } = options
  if (content !== undefined && !isFile(content)) return missing(content)
  const verdicts: Verdict[] = []
  let absent = false
  for (const file of files) {
    if (!isFile(file)) { missing(file); absent = true; continue }
    const report = await answer({ file, trust: options.trust as string, at, ...given({ content, name, purpose }) }, trusts)
    if (report === undefined) { absent = true; continue }
    verdicts.push(report.verdict)
    process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : reportText(report, file))
  }
  return absent ? NO_SUCH_FILE : EXIT[worst(verdicts)]
}

async function verify ({ file, trust, at, content, name, purpose }: Case, trusts: TrustDirectories): Promise<Report> {
  return await verifyDocument(readUpTo(file), {
    trust: trusts.get(trust), at, ...(content !== undefined && { content: readUpTo(content) }), ...given({ name, purpose })
  })
}

/** An accident with one file is no verdict on it, and does not end the others. @returns undefined where the file cannot be read */
async function answer (about: Case, trusts: TrustDirectories): Promise<Report | undefined> {
  try { return await verify(about, trusts) } catch (error) {
    if (isSystemError(error)) { missing(about.file, error.code); return undefined }
    return stopped(about.at, ...reasonOf(error))
  }
}

/** Each line is answered with its `id`, in order; one that can't be verified is indeterminate and says why. */
async function runBatch (path: string, defaults: Options & { at: string }, command: Command): Promise<number> {
  if (!isFile(path)) return missing(path)
  const trusts = new TrustDirectories()
  const verdicts: Verdict[] = []
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line.trim() === '') continue
    const { id, report } = await answerLine(line, dirname(resolve(path)), defaults, trusts)
    verdicts.push(report.verdict)
    process.stdout.write(`${JSON.stringify({ id, ...report })}\n`)
  }
  if (verdicts.length === 0) command.error('批量文件是空的  the batch is empty', { exitCode: 64 })
  return EXIT[worst(verdicts)]
}

async function answerLine (line: string, base: string, defaults: Options & { at: string }, trusts: TrustDirectories): Promise<{ id: Json, report: Report }> {
  let id: Json = null
  let at = defaults.at
  try {
    const value = parseJson(Buffer.from(line), { bytes: 65_536, depth: 4 })
    if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new CaseError('CASE_INVALID', 'not an object')
    id = value['id'] ?? null
    const found = readCase(value, base, defaults)
    at = found.at
    if (!isFile(found.file)) throw new CaseError('FILE_NOT_FOUND', found.file)
    if (found.content !== undefined && !isFile(found.content)) throw new CaseError('FILE_NOT_FOUND', found.content)
    return { id, report: await verify(found, trusts) }
  } catch (error) {
    return { id, report: stopped(at, ...reasonOf(error)) }
  }
}

class CaseError extends Error {
  readonly code: FindingCode
  constructor (code: FindingCode, detail: string) { super(detail); this.code = code }
}

function reasonOf (error: unknown): [FindingCode, string] {
  if (error instanceof CaseError) return [error.code, error.message]
  if (error instanceof Failure) return [error.code.startsWith('TRUST_') ? 'TRUST_UNUSABLE' : 'CASE_INVALID', error.message]
  return ['VERIFICATION_STOPPED', error instanceof Error ? error.message : String(error)]
}

/** A report that says only why there is none. */
function stopped (at: string, code: FindingCode, detail: string): Report {
  const instant = parseInstant(at)?.toISOString() ?? new Date(0).toISOString()
  return judge({ version: 1, kind: 'unknown', format: [], dialects: [], stopped: { code, detail }, signatures: [] }, STRICTEST, instant)
}

function readCase (value: Record<string, Json>, base: string, defaults: Options & { at: string }): Case {
  const text = (name: string): string | undefined => {
    const member = value[name]
    if (member !== undefined && typeof member !== 'string') throw new CaseError('CASE_INVALID', name)
    return member
  }
  const path = (name: string): string | undefined => { const given = text(name); return given === undefined ? undefined : resolve(base, given) }
  const file = path('file')
  const trust = path('trust') ?? defaults.trust
  const at = text('at') ?? defaults.at
  const purpose = text('purpose') ?? defaults.purpose
  if (file === undefined) throw new CaseError('CASE_INVALID', 'file')
  if (trust === undefined) throw new CaseError('CASE_INVALID', 'trust')
  if (parseInstant(at) === undefined) throw new CaseError('CASE_INVALID', 'at')
  if (purpose !== undefined && !isPurpose(purpose)) throw new CaseError('CASE_INVALID', 'purpose')
  return { file, trust, at, ...given({ content: path('content'), name: text('name') ?? defaults.name, purpose }) }
}

/** Each directory is read once, however many cases name it. */
class TrustDirectories {
  readonly #known = new Map<string, Trust>()
  get (directory: string): Trust {
    let trust = this.#known.get(directory)
    if (trust === undefined) this.#known.set(directory, trust = loadTrustDirectory(directory))
    return trust
  }
}

/** Without the members that are undefined. */
function given<T extends Record<string, unknown>> (members: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as { [Name in keyof T]?: Exclude<T[Name], undefined> }
}

function isFile (path: string): boolean {
  try { return statSync(path, { throwIfNoEntry: false })?.isFile() === true } catch { return false } // a loop of links, a name too long
}

function missing (path: string, why?: string): number {
  process.stderr.write(`没有这个文件  no such file: ${path}${why === undefined ? '' : ` (${why})`}\n`)
  return NO_SUCH_FILE
}

function isSystemError (error: unknown): error is Error & { code: string } {
  return error instanceof Error && 'syscall' in error && 'code' in error && typeof error.code === 'string'
}

/** One byte more than the limit is enough to be refused for. */
function readUpTo (path: string): Buffer {
  const limit = ENGINE_LIMITS.archiveBytes
  if (statSync(path).size <= limit) return readFileSync(path)
  const bytes = Buffer.alloc(limit + 1)
  const file = openSync(path, 'r')
  try { readSync(file, bytes) } finally { closeSync(file) }
  return bytes
}

function instantArgument (text: string): string {
  if (parseInstant(text) === undefined) throw new InvalidArgumentError('请写成 2026-06-01T00:00:00Z  write it like 2026-06-01T00:00:00Z')
  return text
}
