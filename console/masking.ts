import { mask } from '../services/core/identifiers.js'

/** 张三 → 张**. Masked on the server: what is not sent cannot be seen. */
export function maskName (name: string): string {
  const [first = ''] = [...name.trim()]
  return first === '' ? '' : `${first}**`
}

/** A name of an organisation is public; anyone else's is not. */
export function maskHolder (name: string, codeType: string | undefined): string {
  return codeType === '001' || codeType === 'uscc' || ORGANISATION.test(name) ? name : maskName(name)
}
const ORGANISATION = /(?:公司|厂|店|馆|部|中心|协会|学校|医院|合作社|事务所|局|厅|委员会|政府|银行)$/

/** To the county: 示例省云川市云东区解放路 1 号 → 示例省云川市云东区**. */
export function maskAddress (address: string): string {
  const county = /^.*?(?:自治县|县|区|旗)/.exec(address)?.[0] ?? /^.*?市/.exec(address)?.[0]
  return county === undefined ? maskName(address) : `${county}**`
}

/**
 * What an event says, as its own source may look at it to mend it: names of members, days, codes of state and small numbers stay;
 * whatever may name a person is masked.
 */
export function maskEvent (value: unknown, path = ''): unknown {
  if (Array.isArray(value)) return value.map((item, index) => maskEvent(item, `${path}/${index}`))
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, maskEvent(member, `${path}/${name}`)]))
  }
  if (typeof value === 'number') return Number.isInteger(value) && Math.abs(value) >= 1e9 ? mask(String(value)) : value
  if (typeof value !== 'string') return value
  if (ENVELOPE.test(path) || DAY.test(value)) return value
  if (/^[\w./:-]{10,}$/.test(value)) return mask(value)
  if (/^[a-z-]{1,20}$/.test(value)) return value
  return maskName(value)
}
const ENVELOPE = /^\/(?:specversion|id|type|source|time|sequence|datacontenttype|dataschema|partitionkey)$/
const DAY = /^\d{4}-\d{2}-\d{2}(?:T[\d:.]+Z)?$/
