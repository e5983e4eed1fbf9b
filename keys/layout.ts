import { join } from 'node:path'

export const SERVICE_KEYS = ['log', 'receipt', 'token', 'list'] as const
/** What a key of the exchange itself is for: signing log checkpoints, receipts, access tokens, lists. */
export type ServiceKey = typeof SERVICE_KEYS[number]

export const AUTHORITIES = ['root', 'seal-makers', 'departments'] as const
/** The root, and below it who certifies seal makers and who certifies departments. */
export type AuthorityName = typeof AUTHORITIES[number]

/** Where keys, lists and trust stand below DATA_DIR. */
export class KeyLayout {
  readonly dataDir: string
  constructor (dataDir: string) { this.dataDir = dataDir }

  get keys (): string { return join(this.dataDir, 'keys') }
  get trust (): string { return join(this.dataDir, 'trust') }
  /** Says that these are keys of a development authority. */
  get marker (): string { return join(this.keys, 'DEVELOPMENT.json') }
  get trustList (): string { return join(this.keys, 'trust-list') }
  get authorityList (): string { return join(this.keys, 'authority-list') }

  authority (name: AuthorityName): { folder: string, key: string, certificate: string, state: string, crl: string } {
    const folder = join(this.keys, 'authority', name)
    return { folder, key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem'), state: join(folder, 'state.json'), crl: join(folder, 'list.crl') }
  }

  /** The seal maker: signs seals, certifies nobody. */
  get sealMaker (): { folder: string, key: string, certificate: string } {
    const folder = join(this.keys, 'authority', 'seal-maker')
    return { folder, key: join(folder, 'key.pem'), certificate: join(folder, 'certificate.pem') }
  }

  /** `department.json` says whose folder it is, and its public event key. */
  department (id: string): SealFolder & { eventKey: string, about: string } {
    const folder = join(this.keys, 'departments', id)
    return { ...sealFolder(folder), eventKey: join(folder, 'event-key.pem'), about: join(folder, 'department.json') }
  }

  /** Seals for tests and the demonstration: of organisations that may issue nothing, expired, revoked. */
  demonstration (id: string): SealFolder & { about: string } {
    const folder = join(this.keys, 'demonstration', id)
    return { ...sealFolder(folder), about: join(folder, 'seal.json') }
  }

  client (id: string): { folder: string, key: string, about: string } {
    const folder = join(this.keys, 'clients', id)
    return { folder, key: join(folder, 'key.pem'), about: join(folder, 'client.json') }
  }

  service (name: ServiceKey): { folder: string, key: string, publicKey: string } {
    const folder = join(this.keys, 'service')
    return { folder, key: join(folder, `${name}-key.pem`), publicKey: join(folder, `${name}-key.pub.pem`) }
  }
}

export interface SealFolder { folder: string, seal: string, sealKey: string, sealCertificate: string }
function sealFolder (folder: string): SealFolder {
  return { folder, seal: join(folder, 'seal.esl'), sealKey: join(folder, 'seal-key.pem'), sealCertificate: join(folder, 'seal-cert.pem') }
}
