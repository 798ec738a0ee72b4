/** The yardstick: Asterisk's AMI Originate makes the same dial-back with the same phones. */
import { Asterisk } from '../peers/asterisk.ts'
import { calleeNumber, userNumber } from './numbers.ts'
import type { Subject } from './subject.ts'

export async function asterisk(phones: number): Promise<Subject> {
  const pbx = await Asterisk.start({
    bot: { address: '127.0.0.1', port: phones },
    extensions: [],
    directMedia: true,
    forLoad: true,
  })
  return {
    pid: pbx.pid,
    async place(n) {
      await pbx.manager.act('Originate', {
        Channel: `PJSIP/${userNumber(n)}@bot`,
        Context: 'from-phones',
        Exten: calleeNumber(n),
        Priority: '1',
        CallerID: '<+34900100200>',
        Async: 'true',
      })
    },
    stop: () => pbx.stop(),
  }
}
