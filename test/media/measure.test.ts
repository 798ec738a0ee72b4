import assert from 'node:assert/strict'
import { after, before, describe, it } from 'node:test'
import { compoundOf, readCompound } from '../../src/media/rtcp.ts'
import { MediaStage } from './stage.ts'

const stage = new MediaStage()
before(() => stage.open([28500, 28599]))
after(() => stage.close())

const report = (source: number, about?: { readonly source: number; readonly lost: number }) =>
  compoundOf({
    source,
    sent: undefined,
    reception: about && { ...about, fraction: 3, highest: 77, jitter: 40 },
    last: undefined,
    now: 0,
    name: 'phone',
    bye: false,
  })

describe('the sound of a port, measured', () => {
  it('counts what came and what is missing, and what went out', async () => {
    const far = await stage.phone(4711)
    const port = await stage.portTo(far)
    assert.deepEqual(await port.measure(), { heard: undefined, sent: 0, told: undefined })
    port.play('silence')
    far.tone(port.port, 400, 10)
    far.skip(5)
    far.tone(port.port, 400, 5)
    await far.hears(3)
    const { heard, sent } = await port.measure()
    assert.equal(heard?.packets, 15)
    assert.equal(heard.lost, 5)
    assert.ok(heard.jitter >= 0)
    assert.ok(sent >= 3)
  })

  it('tells what the phone reports of our sound: its losses, or that it hears nothing', async () => {
    const [far, control] = [await stage.phone(4712), await stage.phone()]
    const port = await stage.portTo(far, { rtcp: { address: '127.0.0.1', port: control.port } })
    port.play('silence')
    const [first] = await far.hears(1)
    const told = async (raw: Buffer) => {
      control.raw(port.port + 1, raw)
      // A datagram is no event of ours: it is there when it is told.
      const late = AbortSignal.timeout(5000)
      const before = JSON.stringify((await port.measure()).told)
      for (;;) {
        const now = (await port.measure()).told
        if (JSON.stringify(now) !== before) return now
        late.throwIfAborted()
      }
    }
    assert.equal(await told(report(4712)), 'nothing')
    const ours = first?.source ?? 0
    assert.deepEqual(await told(report(4712, { source: ours, lost: 2 })), { lost: 2, jitter: 5 })
    assert.equal(await told(report(4712, { source: ours + 1, lost: 2 })), 'nothing', 'of another stream')
    // More came than was sent: duplicates.
    assert.deepEqual(await told(report(4712, { source: ours, lost: -3 })), { lost: 0, jitter: 5 })
  })

  it('reads no further than a report goes, whatever it announces', () => {
    const lies = report(1, { source: 2, lost: 0 })
    lies[0] = 0x80 | 31
    assert.equal(readCompound(lies)?.receptions.length, 1)
    const cut = report(1)
    cut[0] = 0x80 | 5
    assert.deepEqual(readCompound(cut)?.receptions, [])
  })
})
