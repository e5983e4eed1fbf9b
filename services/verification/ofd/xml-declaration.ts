import { quoted, Refusal } from './refusal.js'

const DECLARATION = /^<\?xml[ \t\n]+version[ \t\n]*=[ \t\n]*(?:"1\.0"|'1\.0')(?:[ \t\n]+encoding[ \t\n]*=[ \t\n]*(?:"([A-Za-z][\w.-]*)"|'([A-Za-z][\w.-]*)'))?(?:[ \t\n]+standalone[ \t\n]*=[ \t\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \t\n]*\?>/

/**
 * The XML declaration, where there is one: version 1.0, UTF-8.
 * @returns where the text goes on
 * @throws {Refusal} XML_DECLARATION; XML_ENCODING where it names another encoding
 */
export function readDeclaration (text: string, file: string): number {
  if (!/^<\?xml[ \t\n?]/.test(text)) return 0
  const match = DECLARATION.exec(text)
  if (match === null) throw new Refusal('XML_DECLARATION', quoted(file))
  const encoding = match[1] ?? match[2]
  if (encoding !== undefined && encoding.toLowerCase() !== 'utf-8') throw new Refusal('XML_ENCODING', `${quoted(file)} says it is in ${quoted(encoding)}`)
  return match[0].length
}
