import { createBell } from './bell.js'
import { decode, encodeUlaw } from './g711.js'

const WORKLET = '/demo/page/sound-worklet.js'
const AGAIN = 1000
/** A microphone that has fallen behind is not sent late, bytes. */
const WAITING = 4000

/**
 * The page as the audio end of its phones: what the handset at the ear hears, what the microphone says, and rings.
 * Nothing sounds before somebody has done something here (`wake`): a browser does not let a page begin by itself.
 * @param {() => void} onChange what `audio` or `microphone` say has changed
 * @param {boolean} muted whether all is silent at first
 */
export function createSound(onChange, muted) {
  let context
  /** Everything that sounds goes through here. */
  let out
  let player
  let bell
  let socket
  let held = ''
  let ringing = []
  /** The server may be away when the worklet is fetched: only the second time it is the browser's fault. */
  let failures = 0
  let broken = typeof AudioContext === 'undefined' || typeof AudioWorkletNode === 'undefined'
  /** @type {'closed' | 'asking' | 'open' | 'taken' | 'refused' | 'missing'} */
  let microphone = 'closed'
  let stream
  let recorder

  const audio = () => (broken ? 'none' : context?.state === 'running' && player ? 'awake' : 'asleep')

  async function wake() {
    if (broken || audio() === 'awake') return
    try {
      if (!context) {
        context = new AudioContext({ latencyHint: 'interactive' })
        context.addEventListener('statechange', changed)
        out = new GainNode(context, { gain: muted ? 0 : 1 })
        out.connect(context.destination)
        bell = createBell(context, out)
        await context.audioWorklet.addModule(WORKLET)
        player = new AudioWorkletNode(context, 'player', { numberOfInputs: 0, outputChannelCount: [1] })
        player.connect(out)
      }
      // Not awaited: where the browser is not willing yet, it is so until the next press.
      void context.resume().catch(() => undefined)
    } catch {
      failures += 1
      broken = failures > 1
      void context?.close().catch(() => undefined)
      context = player = undefined
    }
    changed()
  }

  function changed() {
    if (audio() === 'awake') {
      bell.ring(ringing)
      if (held && !socket) open()
    }
    onChange()
  }

  function open() {
    const scheme = location.protocol === 'https:' ? 'wss' : 'ws'
    socket = new WebSocket(`${scheme}://${location.host}/demo/sound`)
    socket.binaryType = 'arraybuffer'
    socket.addEventListener('open', () => {
      tell({ type: 'hold', phone: held })
      if (stream) tell({ type: 'microphone', open: true })
    })
    socket.addEventListener('message', ({ data }) => {
      if (typeof data === 'string') answered(JSON.parse(data).state)
      else play(new Uint8Array(data))
    })
    socket.addEventListener('close', () => {
      socket = undefined
      if (microphone === 'taken') microphone = 'closed'
      setTimeout(() => held && !socket && audio() === 'awake' && open(), AGAIN)
    })
  }

  function tell(message) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message))
  }

  function play(packet) {
    if (held && audio() === 'awake') player.port.postMessage(decode(packet[0], packet.subarray(1)))
  }

  /** The server knows whether another page has the microphone. */
  function answered(state) {
    if (state === 'taken') {
      silence()
      microphone = 'taken'
    } else if (stream && state === 'open') microphone = 'open'
    else if (microphone === 'open') microphone = 'closed'
    onChange()
  }

  async function openMicrophone() {
    await wake()
    if (audio() === 'none') return
    microphone = 'asking'
    onChange()
    try {
      const audio = { echoCancellation: true, noiseSuppression: true, autoGainControl: true, channelCount: 1 }
      stream = await navigator.mediaDevices.getUserMedia({ audio })
    } catch (fault) {
      microphone =
        fault?.name === 'NotAllowedError' || fault?.name === 'SecurityError' ? 'refused' : 'missing'
      return onChange()
    }
    // Put away while the browser was still asking.
    if (microphone !== 'asking') return silence()
    // Unplugged, or no longer allowed.
    stream.getAudioTracks()[0]?.addEventListener('ended', closeMicrophone)
    recorder = new AudioWorkletNode(context, 'recorder', { numberOfOutputs: 1 })
    recorder.port.onmessage = ({ data }) => {
      if (microphone === 'open' && socket?.readyState === WebSocket.OPEN && socket.bufferedAmount < WAITING)
        socket.send(encodeUlaw(data))
    }
    context.createMediaStreamSource(stream).connect(recorder).connect(context.destination)
    tell({ type: 'microphone', open: true })
  }

  function closeMicrophone() {
    silence()
    microphone = 'closed'
    tell({ type: 'microphone', open: false })
    onChange()
  }

  function silence() {
    for (const track of stream?.getTracks() ?? []) track.stop()
    recorder?.disconnect()
    stream = recorder = undefined
  }

  return {
    wake,
    /** @returns {'none' | 'asleep' | 'awake'} */
    get audio() {
      return audio()
    },
    get microphone() {
      return microphone
    },
    /** @param {string} phone whose handset is at the ear; '' for none */
    hold(phone) {
      if (phone === held) return
      held = phone
      player?.port.postMessage('flush')
      if (!phone && microphone !== 'closed') closeMicrophone()
      if (socket) tell({ type: 'hold', phone })
      else if (held && audio() === 'awake') open()
    },
    /** @param {readonly { id: string, pitch: number, near: boolean }[]} phones those that ring */
    ring(phones) {
      ringing = phones
      if (audio() === 'awake') bell.ring(phones)
    },
    get muted() {
      return muted
    },
    mute(wanted) {
      muted = wanted
      out?.gain.setTargetAtTime(muted ? 0 : 1, context.currentTime, 0.01)
      onChange()
    },
    toggleMicrophone() {
      if (microphone === 'open' || microphone === 'asking') closeMicrophone()
      else void openMicrophone()
    },
  }
}
