import type { Words } from './en.js';

/** Dutch. */
export const words: Words = {
  language: 'nl',
  labels: {
    'Sign in': 'Inloggen',
    'Sign out': 'Uitloggen',
    'Try again': 'Opnieuw proberen',
    'Verify your identity to see this.': 'Bevestig je identiteit om dit te bekijken.',
    'Verify your identity': 'Je identiteit bevestigen',
    'We couldn’t verify your identity. Try again.': 'We konden je identiteit niet bevestigen. Probeer het opnieuw.',
    'One moment…': 'Een ogenblik…',
  },
  sentences: {
    unavailable: 'Inloggen is op deze pagina nu niet mogelijk. Probeer het later opnieuw.',
    content: 'Deze inhoud kon niet worden geladen.',
    unfinished: 'Het inloggen kon niet worden voltooid. Probeer het opnieuw.',
    denied: 'Je hebt geen toegang. Vraag de eigenaar van deze site om toegang of log in met een ander account.',
    ended: 'Je sessie is beëindigd. Log opnieuw in.',
    busy: 'De dienst is nu niet beschikbaar. Probeer het zo meteen opnieuw.',
    details: 'We konden je gegevens niet laden. Probeer het opnieuw.',
    loop: 'Het inloggen is niet gelukt. Controleer de datum en tijd van je apparaat en probeer het opnieuw.',
    network: 'We konden geen verbinding maken. Controleer je internetverbinding en probeer het opnieuw.',
    timeout: 'Dit duurt te lang. Controleer je internetverbinding en probeer het opnieuw.',
    offline: 'Je bent offline. Maak verbinding met internet en probeer het opnieuw.',
    storage:
      'Je browser bewaart geen gegevens voor deze site. Sta dit toe in de browserinstellingen en probeer het opnieuw.',
    popupBlocked: 'Je browser heeft het inlogvenster geblokkeerd. Probeer het opnieuw om op deze pagina in te loggen.',
    popupClosed: 'Het inlogvenster is gesloten voordat je was ingelogd. Probeer het opnieuw.',
    formMissing: 'Het inlogformulier kon niet worden geladen. Probeer het opnieuw.',
    formFailed: 'Het inlogformulier werkt niet meer. Laad de pagina opnieuw en probeer het nog eens.',
  },
};
