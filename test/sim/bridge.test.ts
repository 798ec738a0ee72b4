/** The simulated PBX's conference bridge, over SIP and RTP, as a caller meets it. */
import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { CONFERENCE } from '../../src/sim/bridge.ts'
import { tonePower } from '../../src/sim/ear.ts'
import { decodeG711 } from '../../src/sim/g711.ts'
import { startPbx, type Pbx } from '../../src/sim/pbx.ts'
import { Far } from './far.ts'
import { bodyOf, portOf, sdp, shows, Trunk, type Leg } from './trunk.ts'

const { number, id, pin } = CONFERENCE
const KEYS = '0123456789*#'

class Caller {
  readonly leg: Leg
  readonly far: Far
  readonly #port: number
  #time = 0

  private constructor(leg: Leg, far: Far, port: number) {
    this.leg = leg
    this.far = far
    this.#port = port
  }

  /** Calls the bridge, which picks up by itself. */
  static async on(t: TestContext, trunk: Trunk): Promise<Caller> {
    const far = await Far.open(t)
    const leg = trunk.call(number)
    leg.send('INVITE', { body: sdp(far.port) })
    await leg.gets(180)
    const ok = await leg.gets(200)
    leg.send('ACK')
    return new Caller(leg, far, portOf(bodyOf(ok)))
  }

  /** Keys as a phone does: each in three packets, and its end thrice (RFC 4733 2.5.1). */
  keys(keys: string): void {
    for (const key of keys) {
      this.#time += 1600
      for (const [end, duration] of [
        [0, 160],
        [0, 320],
        [0x80, 480],
        [0x80, 480],
        [0x80, 480],
      ] as const) {
        const packet = Buffer.alloc(16)
        packet.set([0x80, 101])
        packet.writeUInt32BE(this.#time, 4)
        packet.set([KEYS.indexOf(key), end | 10], 12)
        packet.writeUInt16BE(duration, 14)
        this.far.socket.send(packet, this.#port, '127.0.0.1')
      }
    }
  }

  says(hz: number): void {
    this.far.play(this.#port, hz)
  }

  hears(hz: number, not: readonly number[] = []): Promise<Buffer> {
    return this.far.hearsOne((payload) => {
      const samples = decodeG711('PCMU', payload)
      return tonePower(samples, hz) > 1e6 && not.every((other) => tonePower(samples, other) < 1e5)
    })
  }
}

void describe('the conference bridge of the simulated PBX', () => {
  const world = async (t: TestContext): Promise<{ pbx: Pbx; trunk: Trunk }> => {
    const pbx = await startPbx({ bridge: CONFERENCE })
    const trunk = await Trunk.to(pbx)
    t.after(async () => {
      trunk.close()
      await pbx.stop()
    })
    return { pbx, trunk }
  }
  const asks = (pbx: Pbx, line: string, stage: string, keys?: string) =>
    shows(
      pbx,
      line,
      ({ attends }) => attends?.stage === stage && (keys === undefined || attends.keys === keys),
    )

  void it('picks up by itself, asks for id and PIN one after the other, and lets in who has both', async (t) => {
    const { pbx, trunk } = await world(t)
    const caller = await Caller.on(t, trunk)
    await asks(pbx, 'bridge-1', 'id', '')
    caller.keys(id)
    await asks(pbx, 'bridge-1', 'id', id)
    caller.keys('#')
    await asks(pbx, 'bridge-1', 'pin', '')
    caller.keys(pin)
    await asks(pbx, 'bridge-1', 'pin', '••••')
    caller.keys('#')
    await asks(pbx, 'bridge-1', 'in', '')
  })

  for (const [what, keyed] of [
    ['a wrong id', '999#'],
    ['a wrong PIN', `${id}#1357#`],
  ] as const)
    void it(`says that ${what} is wrong, and hangs up`, async (t) => {
      const { pbx, trunk } = await world(t)
      const caller = await Caller.on(t, trunk)
      caller.keys(keyed)
      await asks(pbx, 'bridge-1', 'wrong')
      caller.leg.answer(await caller.leg.requested('BYE'))
      await shows(pbx, 'bridge-1', ({ state, ended }) => state === 'onHook' && ended === 'hungUp')
    })

  void it('has a line for each caller, who hears the others, and not themselves', async (t) => {
    const { pbx, trunk } = await world(t)
    const [one, two, three] = [
      await Caller.on(t, trunk),
      await Caller.on(t, trunk),
      await Caller.on(t, trunk),
    ]
    for (const caller of [one, two, three]) caller.keys(`${id}#${pin}#`)
    for (const line of ['bridge-1', 'bridge-2', 'bridge-3']) await asks(pbx, line, 'in')
    one.says(550)
    two.says(1050)
    three.says(1550)
    await Promise.all([one.hears(1050, [550]), two.hears(1550, [1050]), three.hears(550, [1550])])
    // Who hangs up is gone for the others.
    three.leg.send('BYE')
    await three.leg.gets(200, 'BYE')
    await one.hears(1050, [550, 1550])
    assert.equal(pbx.phone('bridge-3')!.view.state, 'onHook')
  })

  void it('hears nobody who has not been let in', async (t) => {
    const { pbx, trunk } = await world(t)
    const [inside, outside, second] = [
      await Caller.on(t, trunk),
      await Caller.on(t, trunk),
      await Caller.on(t, trunk),
    ]
    inside.keys(`${id}#${pin}#`)
    second.keys(`${id}#${pin}#`)
    await asks(pbx, 'bridge-1', 'in')
    await asks(pbx, 'bridge-3', 'in')
    outside.says(1550)
    second.says(1050)
    await inside.hears(1050, [1550])
    await outside.hears(300)
  })
})
