import type { Words } from './en.js';

/** French, in the polite form. */
export const words: Words = {
  language: 'fr',
  labels: {
    'Sign in': 'Se connecter',
    'Sign out': 'Se déconnecter',
    'Try again': 'Réessayer',
    'Verify your identity to see this.': 'Confirmez votre identité pour voir ce contenu.',
    'Verify your identity': 'Confirmer votre identité',
    'We couldn’t verify your identity. Try again.': 'Nous n’avons pas pu confirmer votre identité. Réessayez.',
    'One moment…': 'Un instant…',
  },
  sentences: {
    unavailable: 'La connexion n’est pas disponible sur cette page pour le moment. Réessayez plus tard.',
    content: 'Ce contenu n’a pas pu être chargé.',
    unfinished: 'Nous n’avons pas pu terminer la connexion. Réessayez.',
    denied:
      'Vous n’avez pas accès. Demandez l’accès au propriétaire de ce site ou connectez-vous avec un autre compte.',
    ended: 'Votre session est terminée. Reconnectez-vous.',
    busy: 'Le service n’est pas disponible pour le moment. Réessayez dans un instant.',
    details: 'Nous n’avons pas pu charger vos informations. Réessayez.',
    loop: 'La connexion n’a pas fonctionné. Vérifiez la date et l’heure de votre appareil, puis réessayez.',
    network: 'Impossible de se connecter au service. Vérifiez votre connexion Internet, puis réessayez.',
    timeout: 'L’opération prend trop de temps. Vérifiez votre connexion Internet, puis réessayez.',
    offline: 'Vous êtes hors ligne. Connectez-vous à Internet, puis réessayez.',
    storage:
      'Votre navigateur n’enregistre pas de données pour ce site. Autorisez-le dans les paramètres du navigateur, puis réessayez.',
    popupBlocked: 'Votre navigateur a bloqué la fenêtre de connexion. Réessayez pour vous connecter sur cette page.',
    popupClosed: 'La fenêtre de connexion a été fermée avant la fin de la connexion. Réessayez.',
    formMissing: 'Le formulaire de connexion n’a pas pu être chargé. Réessayez.',
    formFailed: 'Le formulaire de connexion ne fonctionne plus. Rechargez la page, puis réessayez.',
  },
};
