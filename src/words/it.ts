import type { Words } from './en.js';

/** Italian. */
export const words: Words = {
  language: 'it',
  labels: {
    'Sign in': 'Accedi',
    'Sign out': 'Esci',
    'Try again': 'Riprova',
    'Verify your identity to see this.': 'Conferma la tua identità per vedere questo contenuto.',
    'Verify your identity': 'Conferma la tua identità',
    'We couldn’t verify your identity. Try again.': 'Non è stato possibile confermare la tua identità. Riprova.',
    'One moment…': 'Un momento…',
  },
  sentences: {
    unavailable: 'L’accesso non è al momento disponibile su questa pagina. Riprova più tardi.',
    content: 'Non è stato possibile caricare questo contenuto.',
    unfinished: 'Non è stato possibile completare l’accesso. Riprova.',
    denied: 'Non hai accesso. Chiedilo al proprietario di questo sito o accedi con un altro account.',
    ended: 'La tua sessione è terminata. Accedi di nuovo.',
    busy: 'Il servizio non è al momento disponibile. Riprova tra poco.',
    details: 'Non è stato possibile caricare i tuoi dati. Riprova.',
    loop: 'L’accesso non è riuscito. Controlla la data e l’ora del dispositivo, poi riprova.',
    network: 'Non è stato possibile connettersi. Controlla la connessione a Internet, poi riprova.',
    timeout: 'L’operazione sta richiedendo troppo tempo. Controlla la connessione a Internet, poi riprova.',
    offline: 'Sei offline. Connettiti a Internet, poi riprova.',
    storage: 'Il browser non salva i dati di questo sito. Consentilo nelle impostazioni del browser, poi riprova.',
    popupBlocked: 'Il browser ha bloccato la finestra di accesso. Riprova per accedere su questa pagina.',
    popupClosed: 'La finestra di accesso è stata chiusa prima dell’accesso. Riprova.',
    formMissing: 'Non è stato possibile caricare il modulo di accesso. Riprova.',
    formFailed: 'Il modulo di accesso ha smesso di funzionare. Ricarica la pagina, poi riprova.',
  },
};
