import { told } from '../../services/core/words.js'
import type { ItemType } from './values.js'

const TYPES: Record<ItemType, string> = { text: '文本', number: '数字', day: '日期', instant: '时刻', boolean: '是或否' }

/** What is wrong with a field of a register, of a licence or of a seal. */
export const FIELD_TOLD = {
  length: (least: number, most: number) => told(`应为 ${least} 至 ${most} 个字符`, `must hold ${least} to ${most} characters`),
  invisible: told('不能含有看不见的字符', 'must not hold characters that cannot be seen'),
  digits: (count: string, english = count) => told(`应为 ${count} 位数字`, `must be ${english} digits`)
}

/** Why a row is left out: the same words for every kind of source. They hold no value. */
export const ROW_TOLD = {
  key: told('主键为空、过长或含有控制字符', 'the key is empty, too long or holds a control character'),
  keyTwice: told('另有一行的主键相同', 'another row has the same key'),
  tooLarge: (bytes: number) => told(`这一行超过 ${bytes} 字节`, `the row is larger than ${bytes} bytes`),
  width: (fields: number, headings: number) => told(`这一行有 ${fields} 个字段，表头有 ${headings} 个`, `${fields} fields where the heading has ${headings}`),
  empty: (column: string) => told(`${column} 为空`, `${column} is empty`),
  notOfType: (column: string, type: ItemType) => told(`${column} 不是${TYPES[type]}`, `${column} is not a ${type}`)
}
