import { fork } from 'node:child_process'
import { Agent, request as ask } from 'node:http'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'

/** What is sent to a server under test: the bodies in turn, by POST. */
export interface Load {
  url: string
  headers: Record<string, string>
  bodies: readonly string[]
  seconds: number
  /** Requests a second, whether or not those before were answered. Without it, `CONNECTIONS` ask one after another as fast as they can. */
  rate?: number
  /** Texts that every answer holds; with a rate alone. */
  holds?: readonly string[]
}

export interface Loaded {
  answered: number
  perSecond: number
  /** Milliseconds from when each was due to the last byte of its answer, ascending; with a rate alone. */
  times: number[]
  /** Processor time of the server, milliseconds for one answer: what stays the same however many others want the processor. */
  workMs: number
}

const CONNECTIONS = 64
/** Sent and not answered at once; beyond it the server is too slow for the rate by far, and the rest is not sent. */
const WAITING = 4000

/** Sends from a process of its own, so that this one's processor time is the server's alone. */
export async function load (asked: Load): Promise<Loaded> {
  const child = fork(fileURLToPath(import.meta.url), { execArgv: [] })
  try {
    return await new Promise<Loaded>((resolve, reject) => {
      let started = process.cpuUsage()
      child.on('error', reject)
      child.on('exit', code => { reject(new Error(`the sender ended with ${code}`)) })
      child.on('message', (message: 'ready' | Omit<Loaded, 'workMs'> | { error: string }) => {
        if (message === 'ready') {
          started = process.cpuUsage()
          child.send(asked)
          return
        }
        if ('error' in message) { reject(new Error(message.error)); return }
        const { user, system } = process.cpuUsage(started)
        resolve({ ...message, workMs: (user + system) / 1000 / message.answered })
      })
    })
  } finally {
    child.removeAllListeners('exit')
    child.kill()
  }
}

async function closed ({ url, headers, bodies, seconds }: Load): Promise<Omit<Loaded, 'workMs'>> {
  const result = await autocannon({ url, connections: CONNECTIONS, duration: seconds, method: 'POST', headers, requests: bodies.map(body => ({ method: 'POST', body })) })
  if (result.non2xx > 0 || result.errors > 0) throw new Error(`${result.non2xx} refusals, ${result.errors} errors`)
  return { answered: result['2xx'], perSecond: result['2xx'] / result.duration, times: [] }
}

async function open ({ url, headers, bodies, seconds, holds = [] }: Load, rate: number): Promise<Omit<Loaded, 'workMs'>> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS })
  const started = performance.now()
  const answers: Array<Promise<number>> = []
  let waiting = 0
  for (let sent = 0; sent < rate * seconds && waiting < WAITING; sent++) {
    const due = started + sent * 1000 / rate
    const early = due - performance.now()
    if (early > 0) await setTimeout(early)
    waiting++
    const answer = once({ url, agent, headers, holds, body: bodies[sent % bodies.length] as string, due }).finally(() => { waiting-- })
    answer.catch(() => {}) // told below, once all were sent
    answers.push(answer)
  }
  const times = await Promise.all(answers)
  agent.destroy()
  return { answered: times.length, perSecond: times.length * 1000 / (performance.now() - started), times: times.sort((a, b) => a - b) }
}

async function once ({ url, agent, headers, holds, body, due }: Pick<Load, 'url' | 'headers'> & { agent: Agent, holds: readonly string[], body: string, due: number }): Promise<number> {
  return await new Promise((resolve, reject) => {
    const request = ask(url, { method: 'POST', agent, headers: { ...headers, 'content-length': Buffer.byteLength(body) } }, response => {
      let text = ''
      response.setEncoding('utf8').on('data', (part: string) => { text += part }).on('end', () => {
        if (response.statusCode === 200 && holds.every(part => text.includes(part))) resolve(performance.now() - due)
        else reject(new Error(`${response.statusCode} ${text.slice(0, 3000)}`))
      })
    })
    request.on('error', reject).end(body)
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  process.once('message', (asked: Load) => {
    const sent = asked.rate === undefined ? closed(asked) : open(asked, asked.rate)
    sent.then(result => process.send?.(result), (error: unknown) => process.send?.({ error: String(error) }))
  })
  process.send?.('ready')
}
