import type { Words } from './en.js';

/** German, in the polite form. */
export const words: Words = {
  language: 'de',
  labels: {
    'Sign in': 'Anmelden',
    'Sign out': 'Abmelden',
    'Try again': 'Erneut versuchen',
    'Verify your identity to see this.': 'Bestätigen Sie Ihre Identität, um dies zu sehen.',
    'Verify your identity': 'Identität bestätigen',
    'We couldn’t verify your identity. Try again.':
      'Ihre Identität konnte nicht bestätigt werden. Versuchen Sie es erneut.',
    'One moment…': 'Einen Moment …',
  },
  sentences: {
    unavailable: 'Die Anmeldung ist auf dieser Seite gerade nicht verfügbar. Versuchen Sie es später erneut.',
    content: 'Dieser Inhalt konnte nicht geladen werden.',
    unfinished: 'Die Anmeldung konnte nicht abgeschlossen werden. Versuchen Sie es erneut.',
    denied:
      'Sie haben keinen Zugriff. Bitten Sie den Betreiber dieser Website um Zugriff oder melden Sie sich mit einem anderen Konto an.',
    ended: 'Ihre Sitzung ist beendet. Melden Sie sich erneut an.',
    busy: 'Der Dienst ist gerade nicht verfügbar. Versuchen Sie es gleich noch einmal.',
    details: 'Ihre Daten konnten nicht geladen werden. Versuchen Sie es erneut.',
    loop: 'Die Anmeldung hat nicht funktioniert. Prüfen Sie Datum und Uhrzeit Ihres Geräts und versuchen Sie es erneut.',
    network:
      'Es konnte keine Verbindung hergestellt werden. Prüfen Sie Ihre Internetverbindung und versuchen Sie es erneut.',
    timeout: 'Das dauert zu lange. Prüfen Sie Ihre Internetverbindung und versuchen Sie es erneut.',
    offline: 'Sie sind offline. Stellen Sie eine Internetverbindung her und versuchen Sie es erneut.',
    storage:
      'Ihr Browser speichert keine Daten für diese Website. Erlauben Sie es in den Browsereinstellungen und versuchen Sie es erneut.',
    popupBlocked:
      'Ihr Browser hat das Anmeldefenster blockiert. Versuchen Sie es erneut, um sich auf dieser Seite anzumelden.',
    popupClosed: 'Das Anmeldefenster wurde vor der Anmeldung geschlossen. Versuchen Sie es erneut.',
    formMissing: 'Das Anmeldeformular konnte nicht geladen werden. Versuchen Sie es erneut.',
    formFailed: 'Das Anmeldeformular funktioniert nicht mehr. Laden Sie die Seite neu und versuchen Sie es erneut.',
  },
};
