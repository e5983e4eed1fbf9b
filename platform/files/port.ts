import type { Readable } from 'node:stream'

/** Files kept by the digest of their content, so that the same bytes are kept once. Held to test/contract/files.ts. */
export interface Files {
  /** Durable when it resolves. @throws {Failure} BODY_TOO_LARGE more than `maxBytes` came; nothing is kept. STORE_FULL */
  put: (content: Uint8Array | Readable, options: { maxBytes: number }) => Promise<FileReference>
  /** @returns undefined where no such file is kept. The stream fails with STORE_CORRUPT if the bytes do not fit their name. */
  open: (sha256: string) => Promise<{ size: number, stream: Readable } | undefined>
  has: (sha256: string) => Promise<boolean>
}

export interface FileReference {
  /** Lower-case hex. */
  sha256: string
  /** Bytes. */
  size: number
}
