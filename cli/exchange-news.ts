import type { ExchangeNews } from '../connectors/sdk/index.js'

const NEAR_MS = 3000

/**
 * Lines for a person who waits for the exchange: at once where it is away, then as the waits grow, and when it is back.
 * @param write - takes one line; where nothing else than the result may stand on standard output it is standard error
 */
export function tellingExchange (url: string, write: (line: string) => void): (news: ExchangeNews) => void {
  let away = false
  return news => {
    switch (news.kind) {
      case 'silent':
        if (!away) write(`交换平台 ${url} 还没有应答，继续等待……  the exchange has not answered yet; waiting on\n`)
        away = true
        return
      case 'away':
        // The first waits are short: one line stands for all of them.
        if (!away || news.nextTryMs >= NEAR_MS) {
          write(`交换平台 ${url} 联系不上（${news.why}），约 ${seconds(news.nextTryMs)} 秒后再试，还有 ${news.triesLeft} 次  the exchange cannot be reached; seconds until the next try, tries left\n`)
        }
        away = true
        return
      case 'back':
        away = false
        write(`交换平台已恢复应答，等了约 ${seconds(news.afterMs)} 秒  the exchange is back, after about so many seconds\n`)
    }
  }
}

function seconds (ms: number): number { return Math.max(1, Math.round(ms / 1000)) }
