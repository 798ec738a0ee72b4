/** The tour's words. `steps` are always to be seen; `now` tells more of where one is. */
export const TOUR = {
  en: {
    title: 'Your first call, in four steps',
    open: 'Tour',
    skip: 'Skip the tour',
    finish: 'Finish',
    steps: {
      type: 'Type “{command}”',
      pickUp: 'Your phone rings: pick up',
      far: '{name}’s phone rings: pick up, talk',
      record: 'Hang up: the card is the record',
    },
    done: 'done',
    now: {
      type: 'Ask in the chat, as you would ask a colleague, and press Enter.',
      missed: 'That call ended before anybody talked; its card says why. Try once more: type “{command}”.',
      choose: 'The name fits more than one person. Dialback never guesses: choose in the card.',
      pickUp:
        'It shows who you want to reach, and Dialback’s own number: so you know that this call is yours.',
      dialling: 'You are on the line. Dialback is calling the other phone now.',
      far: 'For {name} the call comes from you. In this demo you are both sides: pick up there, too.',
      talk: 'You are talking, from phone to phone. When you have heard enough, put down either phone.',
      record:
        'The card now says who, how long and why it ended. And the ladder has every SIP message that made it: point at an arrow.',
    },
    go: {
      type: 'Write it for me',
      choose: 'Take me to the card',
      pickUp: 'Take me to my phone',
      far: 'Take me to the phone',
      talk: 'Take me to my phone',
      record: 'Show me the ladder',
    },
    step: 'Step {step} of 4: {label}. {now}',
  },
  es: {
    title: 'Tu primera llamada, en cuatro pasos',
    open: 'Guía',
    skip: 'Saltar la guía',
    finish: 'Terminar',
    steps: {
      type: 'Escribe «{command}»',
      pickUp: 'Suena tu teléfono: descuelga',
      far: 'Suena el de {name}: descuelga y habla',
      record: 'Cuelga: la tarjeta es el registro',
    },
    done: 'hecho',
    now: {
      type: 'Pídelo en el chat, como se lo pedirías a una compañera, y pulsa Intro.',
      missed:
        'Esa llamada terminó antes de que nadie hablara; su tarjeta dice por qué. Prueba otra vez: escribe «{command}».',
      choose: 'El nombre vale para más de una persona. Dialback nunca adivina: elige en la tarjeta.',
      pickUp:
        'Muestra a quién quieres llamar y el número del propio Dialback: así sabes que la llamada es tuya.',
      dialling: 'Ya estás en línea. Dialback llama ahora al otro teléfono.',
      far: 'Para {name}, quien llama eres tú. En esta demo eres las dos partes: descuelga también allí.',
      talk: 'Estáis hablando, de teléfono a teléfono. Cuando hayas oído bastante, cuelga cualquiera de los dos.',
      record:
        'La tarjeta dice ahora quién, cuánto y por qué terminó. Y la escalera tiene cada mensaje SIP que lo hizo posible: señala una flecha.',
    },
    go: {
      type: 'Escríbelo por mí',
      choose: 'Llévame a la tarjeta',
      pickUp: 'Llévame a mi teléfono',
      far: 'Llévame a ese teléfono',
      talk: 'Llévame a mi teléfono',
      record: 'Enséñame la escalera',
    },
    step: 'Paso {step} de 4: {label}. {now}',
  },
}
