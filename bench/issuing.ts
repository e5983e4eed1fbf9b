import { writeLicence } from '../connectors/issuing/ofd-writer.js'
import { sm2Sign } from '../platform/crypto/index.js'
import { sampleAuthority, sampleFields, SIGNED_AT } from '../test/support/sample-licence.js'
import { interleaved, type Suite } from './measure.js'

/** One sealed licence, from fields to a file that our own reader has read, beside one native SM2 signature. One core. */
export const suite: Suite = async () => {
  const { signer } = await sampleAuthority()
  const digest = Buffer.alloc(32, 7)
  let serial = 0
  const issue = () => writeLicence({ licence: sampleFields({ serial: String(++serial) }), signer, signedAt: SIGNED_AT })
  for (let i = 0; i < 200; i++) issue() // until the compiler has seen what is hot
  const [ours, theirs] = await interleaved([issue, () => sm2Sign(signer.privateKey, digest)], { rounds: 15, calls: 60 }) as [number, number]
  return [{ work: 'issuing a sealed OFD licence', ours, unit: 'ms', beside: 'one native SM2 signature', theirs, figure: ours / theirs, aim: { atMost: 10 } }]
}
