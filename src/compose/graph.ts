/** Microsoft Graph, where it has been set up. */
import type { Clock, DialIns } from '../app/ports.ts'
import { createConnector } from '../chat/connector.ts'
import { BotToken, fetchBySecret } from '../chat/identity/bot-token.ts'
import type { Config } from '../config.ts'
import { GraphCalendar } from '../graph/calendar-view.ts'
import { Graph } from '../graph/graph.ts'
import { meetNow } from '../graph/meet-now.ts'
import { OnlineMeetings } from '../graph/online-meetings.ts'
import type { OpsLog } from '../ops/log.ts'

const TROUBLE = {
  message: 'no token for Microsoft Graph can be had: meetings are joined without it',
  remedy:
    'Check GRAPH_TENANT_ID, GRAPH_CLIENT_ID and GRAPH_CLIENT_SECRET (it expires), and that this machine reaches the login address.',
}

/** Without an application nothing is asked, and nothing is known. */
const NOBODY: DialIns = { whose: () => [], dialIn: () => Promise.resolve('none') }

export function openGraph({ graph: access }: Config, clock: Clock, log: OpsLog) {
  if (!access)
    return {
      dialIns: NOBODY,
      createMeeting: undefined,
      calendar: undefined,
      state: undefined,
      close: () => undefined,
    }
  const { tenant, clientId, secret, url, login } = access
  const fetch = fetchBySecret({ appId: clientId, password: secret, login, scope: url })
  const own = log.child({ part: 'graph' })
  const token = new BotToken(fetch, clock, own, TROUBLE)
  const wire = createConnector({
    authorize: async () => `Bearer ${await token.get()}`,
    refused: (authorization) => token.refused(authorization.replace('Bearer ', '')),
  })
  const graph = new Graph({ wire, service: `${url}/v1.0`, clock, log: own })
  const meetings = new OnlineMeetings(graph, tenant)
  return {
    dialIns: meetings,
    createMeeting: meetNow(meetings, clock),
    calendar: new GraphCalendar(graph),
    state: () => graph.state(),
    close: () => wire.close(),
  }
}
