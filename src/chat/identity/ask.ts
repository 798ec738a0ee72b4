import http from 'node:http'
import https from 'node:https'
import { answerText } from '../answer-text.ts'

/** An answer of a server of keys or tokens. */
export type Told = {
  readonly status: number
  readonly headers: Record<string, string>
  readonly body: unknown
}

// Companies reach Microsoft through the proxy of HTTPS_PROXY.
const secure = new https.Agent({ proxyEnv: process.env })

/**
 * One request whose answer is JSON.
 * @param within milliseconds for the whole of it
 * @throws where there is no answer in time, or it is no JSON
 */
export function ask(
  url: string,
  {
    method = 'GET',
    headers = {},
    body = '',
    within,
  }: {
    readonly method?: 'GET' | 'POST'
    readonly headers?: Readonly<Record<string, string>>
    readonly body?: string
    readonly within: number
  },
): Promise<Told> {
  const to = new URL(url)
  const [{ request }, agent] = to.protocol === 'https:' ? [https, secure] : [http, undefined]
  const length = body ? { 'content-length': String(Buffer.byteLength(body)) } : {}
  return new Promise((done, failed) => {
    const asked = request(to, {
      method,
      headers: { ...headers, ...length },
      agent,
      signal: AbortSignal.timeout(within),
    })
    asked.once('error', failed)
    asked.once('response', (answer) => {
      answerText(answer).then((text) => done(told(answer, text)), failed)
    })
    asked.end(body)
  })
}

function told({ statusCode = 0, headers }: http.IncomingMessage, text: string): Told {
  const plain = Object.entries(headers).map(([name, value]) => [name, String(value)] as const)
  try {
    return { status: statusCode, headers: Object.fromEntries(plain), body: JSON.parse(text) as unknown }
  } catch (cause) {
    throw new Error(`status ${statusCode}, and no JSON`, { cause })
  }
}
