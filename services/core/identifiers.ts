const USCC_ALPHABET = '0123456789ABCDEFGHJKLMNPQRTUWXY'
const USCC_WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28]
const ORGANISATION_WEIGHTS = [3, 7, 9, 10, 5, 8, 4, 2]

/** 统一社会信用代码: 18 characters, the last one a check character, the ninth before it the organisation code's. */
export type Uscc = string

/** Check character over the first 17 characters, or undefined where one of them is outside the alphabet. @see GB 32100-2015 */
export function usccCheckCharacter (first17: string): string | undefined {
  let sum = 0
  for (let i = 0; i < 17; i++) {
    const value = USCC_ALPHABET.indexOf(first17[i] ?? '?')
    if (value < 0) return undefined
    sum += value * (USCC_WEIGHTS[i] as number)
  }
  return USCC_ALPHABET[(31 - sum % 31) % 31]
}

/** Check character of an organisation code over its first 8 characters. @see GB 11714 */
export function organisationCheckCharacter (first8: string): string | undefined {
  let sum = 0
  for (let i = 0; i < 8; i++) {
    const value = Number.parseInt(first8[i] ?? '?', 36)
    if (Number.isNaN(value)) return undefined
    sum += value * (ORGANISATION_WEIGHTS[i] as number)
  }
  const check = 11 - sum % 11
  return check === 10 ? 'X' : check === 11 ? '0' : String(check)
}

/**
 * Is this a unified social credit code: alphabet and check character? The organisation code inside is not judged, since
 * codes that were converted from older numbers may break its rule. @see GB 32100-2015
 */
export function isUscc (text: string): text is Uscc {
  return /^[0-9A-Z]{18}$/.test(text) && usccCheckCharacter(text) === text[17]
}

const CITIZEN_WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
/** @see GB 11643-1999 */
export function citizenCheckCharacter (first17: string): string {
  let sum = 0
  for (let i = 0; i < 17; i++) sum += Number(first17[i]) * (CITIZEN_WEIGHTS[i] as number)
  return '10X98765432'[sum % 11] as string
}

/** Is this an 18-character citizen identification number with a real date of birth? Its division may be abolished. @see GB 11643-1999 */
export function isCitizenId (text: string): boolean {
  if (!/^\d{17}[\dX]$/.test(text) || citizenCheckCharacter(text) !== text[17]) return false
  const [year, month, day] = [Number(text.slice(6, 10)), Number(text.slice(10, 12)), Number(text.slice(12, 14))]
  // Years go round after 400; Date would take the first hundred for those of another century.
  const date = new Date(Date.UTC(2000 + year % 400, month - 1, day))
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day
}

/**
 * Does the first division hold the second? A province (`990000`) holds its prefectures (`990100`), a prefecture its counties
 * (`990102`): trailing pairs of zeros stand for all, `000000` for the whole country. @see GB/T 2260
 */
export function divisionContains (holder: string, place: string): boolean { return place.startsWith(holder.replace(/(?:00)+$/, '')) }

/** A catalogued resource: `<USCC of its provider>.<name of the resource in the provider's events>`. */
export type ResourceId = string
export interface ResourceIdParts { provider: Uscc, name: string }
const RESOURCE_NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/

/** @throws {TypeError} the parts do not make an identifier */
export function resourceId ({ provider, name }: ResourceIdParts): ResourceId {
  if (!isUscc(provider) || !RESOURCE_NAME.test(name)) throw new TypeError('these parts do not make a resource identifier')
  return `${provider}.${name}`
}

/** @returns undefined where the text does not have the form of an identifier, or its provider's code has another check character */
export function parseResourceId (text: string): ResourceIdParts | undefined {
  const dot = text.indexOf('.') // a name may hold more of them
  const [provider, name] = [text.slice(0, dot), text.slice(dot + 1)]
  return dot > 0 && isUscc(provider) && RESOURCE_NAME.test(name) ? { provider, name } : undefined
}

const LICENCE_ROOT = '1.2.156.3005.2'
const LICENCE_ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
/** Serials of real systems are up to 32 characters; the bound keeps what is not an identifier from being searched for. */
const LICENCE_IDENTIFIER = /^1\.2\.156\.3005\.2\.([0-9A-Z]{21})\.([0-9A-Z]{6,18})\.([0-9A-Z]{1,64})\.(\d{3})\.([0-9A-Z])$/

/** 证照标识, `1.2.156.3005.2.type.issuer.serial.version.check`. */
export type LicenceId = string
export interface LicenceIdParts { type: string, issuer: string, serial: string, version: string }

/** ISO 7064 MOD 37,36 over type, issuer, serial and version without dots. @see GB/T 36904-2018 */
export function licenceCheckCharacter ({ type, issuer, serial, version }: LicenceIdParts): string {
  return mod3736(type + issuer + serial + version, 0)
}

/** `letterOffset` 1 gives the faulty variant in circulation, which counts letters from 11. */
function mod3736 (text: string, letterOffset: 0 | 1): string {
  let p = 36
  for (const character of text) {
    const index = LICENCE_ALPHABET.indexOf(character)
    const value = index > 9 ? index + letterOffset : index
    const t = (p + value) % 36 || 36
    p = 2 * t % 37
  }
  return LICENCE_ALPHABET[(37 - p) % 36] as string
}

/** @throws {TypeError} the parts do not make an identifier */
export function licenceId (parts: LicenceIdParts): LicenceId {
  const id = [LICENCE_ROOT, parts.type, parts.issuer, parts.serial, parts.version, licenceCheckCharacter(parts)].join('.')
  if (!LICENCE_IDENTIFIER.test(id)) throw new TypeError('these parts do not make a licence identifier')
  return id
}

/**
 * Takes an identifier apart. `check` is `variant` where only the faulty rule in circulation explains the last character: an
 * operator decides whether to take it; `wrong` where neither does.
 * @returns undefined where the text does not have the form of an identifier
 */
export function parseLicenceId (text: string): LicenceIdParts & { check: 'right' | 'variant' | 'wrong' } | undefined {
  const match = LICENCE_IDENTIFIER.exec(text)
  if (match === null) return undefined
  const [, type, issuer, serial, version, check] = match as unknown as [string, string, string, string, string, string]
  const body = type + issuer + serial + version
  return {
    type,
    issuer,
    serial,
    version,
    check: mod3736(body, 0) === check ? 'right' : mod3736(body, 1) === check ? 'variant' : 'wrong'
  }
}

/** Keeps enough of an identifier for a person to recognise it: the first three and last four characters of a long one. */
export function mask (identifier: string): string {
  return identifier.length < 10 ? '*'.repeat(identifier.length) : `${identifier.slice(0, 3)}${'*'.repeat(identifier.length - 7)}${identifier.slice(-4)}`
}
