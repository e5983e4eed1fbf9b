const DIVISION = /^\d{6}(?:\d{3}(?:\d{3})?)?$/
/** How many digits name a country, a province, a prefecture, a county, a township, a village. */
const LEVELS = [0, 2, 4, 6, 9, 12]

/** Does it have the form of a division code: six digits, nine with the township, twelve with the village? @see GB/T 2260, GB/T 10114 */
export function isDivision (value: unknown): value is string { return typeof value === 'string' && DIVISION.test(value) }

/** The digits that all places within a division begin with: trailing zeros stand for all. */
export function divisionPrefix (code: string): string {
  if (code.length > 6) {
    const above = code.slice(0, -3)
    return code.endsWith('000') ? divisionPrefix(above) : code
  }
  return code.replace(/(?:00)+$/, '')
}

export function isWithin (place: unknown, division: string): boolean {
  return isDivision(place) && place.startsWith(divisionPrefix(division))
}

/** Prefixes of every division that this one lies in, itself among them. */
export function prefixesOf (code: string): string[] {
  const own = divisionPrefix(code)
  return [...LEVELS.filter(digits => digits < own.length).map(digits => own.slice(0, digits)), own]
}
