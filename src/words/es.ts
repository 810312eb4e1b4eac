import type { Words } from './en.js';

/** Spanish. */
export const words: Words = {
  language: 'es',
  labels: {
    'Sign in': 'Iniciar sesión',
    'Sign out': 'Cerrar sesión',
    'Try again': 'Intentar de nuevo',
    'Verify your identity to see this.': 'Confirma tu identidad para ver esto.',
    'Verify your identity': 'Confirmar tu identidad',
    'We couldn’t verify your identity. Try again.': 'No pudimos confirmar tu identidad. Inténtalo de nuevo.',
    'One moment…': 'Un momento…',
  },
  sentences: {
    unavailable: 'El inicio de sesión no está disponible en esta página en este momento. Inténtalo más tarde.',
    content: 'No se pudo cargar este contenido.',
    unfinished: 'No pudimos completar el inicio de sesión. Inténtalo de nuevo.',
    denied: 'No tienes acceso. Solicítalo al propietario de este sitio o inicia sesión con otra cuenta.',
    ended: 'Tu sesión ha terminado. Inicia sesión de nuevo.',
    busy: 'El servicio no está disponible en este momento. Inténtalo de nuevo en unos instantes.',
    details: 'No pudimos cargar tus datos. Inténtalo de nuevo.',
    loop: 'No se pudo iniciar sesión. Comprueba la fecha y la hora de tu dispositivo e inténtalo de nuevo.',
    network: 'No pudimos conectarnos. Comprueba tu conexión a Internet e inténtalo de nuevo.',
    timeout: 'Esto está tardando demasiado. Comprueba tu conexión a Internet e inténtalo de nuevo.',
    offline: 'No tienes conexión. Conéctate a Internet e inténtalo de nuevo.',
    storage:
      'Tu navegador no guarda datos de este sitio. Permítelo en la configuración del navegador e inténtalo de nuevo.',
    popupBlocked:
      'Tu navegador bloqueó la ventana de inicio de sesión. Inténtalo de nuevo para iniciar sesión en esta página.',
    popupClosed: 'La ventana de inicio de sesión se cerró antes de que iniciaras sesión. Inténtalo de nuevo.',
    formMissing: 'No se pudo cargar el formulario de inicio de sesión. Inténtalo de nuevo.',
    formFailed: 'El formulario de inicio de sesión dejó de funcionar. Vuelve a cargar la página e inténtalo de nuevo.',
  },
};
