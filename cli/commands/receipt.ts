import { createPublicKey, type JsonWebKey, type KeyObject } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { Command } from 'commander'
import { Failure } from '../../services/core/failure.js'
import { told, FAILURE_WORDS } from '../../services/core/words.js'
import { verifyReceipt } from '../../services/verification/index.js'
import { beijingTime, reportText } from './report-text.js'

/** `mianzheng receipt verify FILE --key KEY`: does a receipt hold, and do its facts lead to its verdict? */
export function receiptCommand (): Command {
  const verify = new Command('verify')
    .description('离线核对核验回执：签名，以及结论能否由所记事实得出  Check a verdict receipt with the network off')
    .argument('<FILE>', '回执，或含有回执的核验答复  the receipt, or the answer that holds it')
    .requiredOption('--key <FILE>', '回执公钥：PEM、JWK 或 JWK 集合  public key of receipts: PEM, JWK or JWK set')
    .option('--json', '输出 JSON  print JSON')
    .action((file: string, { key, json }: { key: string, json?: boolean }, command: Command) => { process.exitCode = run(file, key, json === true, command) })
  return new Command('receipt').description('核验回执  Verdict receipts').addCommand(verify)
}

function run (file: string, keyFile: string, json: boolean, command: Command): number {
  for (const path of [file, keyFile]) {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true) continue
    process.stderr.write(`没有这个文件  no such file: ${path}\n`)
    return 66
  }
  const keys = readKeys(readFileSync(keyFile, 'utf8'))
  if (keys.length === 0) command.error(`${keyFile} 里没有公钥  holds no public key`, { exitCode: 64 })
  try {
    const { receipt, report } = verifyAny(readJws(readFileSync(file, 'utf8')), keys)
    process.stdout.write(json
      ? `${JSON.stringify({ receipt: 'valid', id: receipt.id, issuedAt: receipt.issuedAt, input: receipt.input, report })}\n`
      : `✓ 回执核对通过  The receipt holds   ${receipt.id}\n  出具时间  Issued: ${beijingTime(receipt.issuedAt)}\n${receipt.input === undefined ? '' : `  文件  File: SHA-256 ${receipt.input.sha256}\n              SM3     ${receipt.input.sm3}\n`}\n${reportText(report, '所证明的结论  the verdict that it proves')}`)
    return 0
  } catch (error) {
    if (!(error instanceof Failure)) throw error
    const { zh, en, mend } = FAILURE_WORDS[error.code]
    process.stdout.write(json ? `${JSON.stringify({ receipt: 'invalid', code: error.code, detail: error.message })}\n` : `✕ ${zh}  [${error.code}]\n  请这样做：${mend.zh}\n    ${en}. ${mend.en}.\n    ${error.message}\n`)
    return 1
  }
}

/** Keys are renewed; a receipt holds if one of those given signed it. */
function verifyAny (jws: string, keys: KeyObject[]): ReturnType<typeof verifyReceipt> {
  for (const [index, key] of keys.entries()) {
    try { return verifyReceipt(jws, key) } catch (error) {
      if (!(error instanceof Failure && error.code === 'RECEIPT_SIGNATURE_INVALID') || index === keys.length - 1) throw error
    }
  }
  throw new Failure('RECEIPT_SIGNATURE_INVALID', told('没有可用来核验的公钥', 'no key to verify with'))
}

function readJws (text: string): string {
  if (!text.trimStart().startsWith('{')) return text.trim()
  try { return String((JSON.parse(text) as { receipt?: unknown }).receipt) } catch { return text.trim() }
}

function readKeys (text: string): KeyObject[] {
  try {
    if (!text.trimStart().startsWith('{')) return [createPublicKey(text)]
    const value = JSON.parse(text) as { keys?: object[] }
    return (value.keys ?? [value]).map(jwk => createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }))
  } catch { return [] }
}
