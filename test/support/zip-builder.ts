import { crc32, deflateRawSync } from 'node:zlib'

/** One entry as it should be written; whatever is left out is what an honest writer would write. */
export interface BuiltEntry {
  /** Bytes where the name is to be no UTF-8. */
  name: string | Buffer
  content?: Uint8Array | string
  /** 0 stored, 8 deflated (default); any other number is written as such over stored bytes. */
  method?: number
  flags?: number
  crc?: number
  size?: number
  compressedSize?: number
  /** Compressed bytes to write in place of the compressed content. */
  data?: Buffer
  extra?: Buffer
  comment?: Buffer
  /** High byte is the host: 3 for Unix. */
  madeBy?: number
  attributes?: number
  disk?: number
  /** Where the directory says that the local header is. */
  offset?: number
  /** What the local header says where it differs from the directory. */
  local?: { name?: string | Buffer, flags?: number, method?: number, crc?: number, size?: number, compressedSize?: number, extra?: Buffer, signature?: number }
  /** What follows the data: `signed` with its own signature, `bare` without, or any bytes. Sets bit 3, and zeros in the local header. */
  descriptor?: 'signed' | 'bare' | Buffer
  /** Bytes before the local header, and after the data. */
  before?: Buffer
  after?: Buffer
  /** Write the local entry without listing it, or list it without writing one. */
  only?: 'local' | 'central'
}

export interface BuiltArchive {
  entries: BuiltEntry[]
  /** Order of the directory as indexes into `entries`. */
  order?: number[]
  beforeDirectory?: Buffer
  afterDirectory?: Buffer
  comment?: Buffer
  suffix?: Buffer
  end?: { count?: number, countHere?: number, bytes?: number, offset?: number, disk?: number, directoryDisk?: number, commentBytes?: number }
}

const DATE = 0x5821 // 2024-01-01: fixed, so that the same input makes the same bytes

/** Builds an archive byte by byte: an honest one, or one that lies wherever it is told to. */
export function buildZip (archive: BuiltArchive): Buffer {
  const parts: Buffer[] = []
  let at = 0
  const put = (part: Buffer): void => { parts.push(part); at += part.length }
  const central: Buffer[] = []
  for (const entry of archive.entries) {
    const written = honest(entry)
    put(entry.before ?? Buffer.alloc(0))
    const offset = at
    if (entry.only !== 'central') {
      put(localHeader(entry, written))
      put(written.data)
      if (entry.descriptor !== undefined) put(descriptor(entry.descriptor, written))
    }
    put(entry.after ?? Buffer.alloc(0))
    central.push(entry.only === 'local' ? Buffer.alloc(0) : centralHeader(entry, written, offset))
  }
  put(archive.beforeDirectory ?? Buffer.alloc(0))
  const start = at
  const order = archive.order ?? central.map((_, i) => i)
  for (const i of order) put(central[i] as Buffer)
  const bytes = at - start
  put(archive.afterDirectory ?? Buffer.alloc(0))
  put(endRecord(archive, order.filter(i => (central[i] as Buffer).length > 0).length, bytes, start))
  put(archive.suffix ?? Buffer.alloc(0))
  return Buffer.concat(parts)
}

/** The archive that an honest writer makes of these files, in this order. */
export function zipOf (files: Iterable<readonly [name: string, content: Uint8Array | string]>, options: Pick<BuiltEntry, 'method' | 'descriptor'> = {}): Buffer {
  return buildZip({ entries: Array.from(files, ([name, content]) => ({ name, content, ...options })) })
}

/** An extra field: id, then what it holds. */
export function extraField (id: number, content: Buffer): Buffer {
  return Buffer.concat([u16(id), u16(content.length), content])
}

interface Written { name: Buffer, flags: number, method: number, crc: number, size: number, compressedSize: number, data: Buffer }

function honest (entry: BuiltEntry): Written {
  const content = Buffer.from(entry.content ?? '')
  const method = entry.method ?? 8
  const name = Buffer.from(entry.name)
  const data = entry.data ?? (method === 8 ? deflateRawSync(content) : content)
  const ascii = name.every(byte => byte < 0x80)
  return {
    name,
    flags: entry.flags ?? ((ascii ? 0 : 0x0800) | (entry.descriptor === undefined ? 0 : 0x0008)),
    method,
    crc: entry.crc ?? crc32(content),
    size: entry.size ?? content.length,
    compressedSize: entry.compressedSize ?? data.length,
    data
  }
}

function localHeader (entry: BuiltEntry, written: Written): Buffer {
  const { local = {}, descriptor } = entry
  const name = local.name === undefined ? written.name : Buffer.from(local.name)
  const extra = local.extra ?? entry.extra ?? Buffer.alloc(0)
  const known = descriptor === undefined ? written : { crc: 0, size: 0, compressedSize: 0 }
  return Buffer.concat([
    u32(local.signature ?? 0x04034b50), u16(20), u16(local.flags ?? written.flags), u16(local.method ?? written.method), u16(0), u16(DATE),
    u32(local.crc ?? known.crc), u32(local.compressedSize ?? known.compressedSize), u32(local.size ?? known.size),
    u16(name.length), u16(extra.length), name, extra
  ])
}

function descriptor (kind: 'signed' | 'bare' | Buffer, { crc, size, compressedSize }: Written): Buffer {
  if (Buffer.isBuffer(kind)) return kind
  return Buffer.concat([kind === 'signed' ? u32(0x08074b50) : Buffer.alloc(0), u32(crc), u32(compressedSize), u32(size)])
}

function centralHeader (entry: BuiltEntry, { name, flags, method, crc, size, compressedSize }: Written, offset: number): Buffer {
  const extra = entry.extra ?? Buffer.alloc(0)
  const comment = entry.comment ?? Buffer.alloc(0)
  return Buffer.concat([
    u32(0x02014b50), u16(entry.madeBy ?? 20), u16(20), u16(flags), u16(method), u16(0), u16(DATE), u32(crc), u32(compressedSize), u32(size),
    u16(name.length), u16(extra.length), u16(comment.length), u16(entry.disk ?? 0), u16(0), u32(entry.attributes ?? 0), u32(entry.offset ?? offset),
    name, extra, comment
  ])
}

function endRecord ({ comment = Buffer.alloc(0), end = {} }: BuiltArchive, count: number, bytes: number, offset: number): Buffer {
  return Buffer.concat([
    u32(0x06054b50), u16(end.disk ?? 0), u16(end.directoryDisk ?? 0), u16(end.countHere ?? end.count ?? count), u16(end.count ?? count),
    u32(end.bytes ?? bytes), u32(end.offset ?? offset), u16(end.commentBytes ?? comment.length), comment
  ])
}

export function u16 (value: number): Buffer {
  const bytes = Buffer.alloc(2)
  bytes.writeUInt16LE(value)
  return bytes
}

export function u32 (value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32LE(value)
  return bytes
}
