import type { Words } from './en.js';

/** Portuguese, as in Brazil. */
export const words: Words = {
  language: 'pt-BR',
  labels: {
    'Sign in': 'Entrar',
    'Sign out': 'Sair',
    'Try again': 'Tentar novamente',
    'Verify your identity to see this.': 'Confirme sua identidade para ver este conteúdo.',
    'Verify your identity': 'Confirmar sua identidade',
    'We couldn’t verify your identity. Try again.': 'Não foi possível confirmar sua identidade. Tente novamente.',
    'One moment…': 'Um momento…',
  },
  sentences: {
    unavailable: 'O login não está disponível nesta página no momento. Tente novamente mais tarde.',
    content: 'Não foi possível carregar este conteúdo.',
    unfinished: 'Não foi possível concluir o login. Tente novamente.',
    denied: 'Você não tem acesso. Peça acesso ao proprietário deste site ou entre com outra conta.',
    ended: 'Sua sessão terminou. Entre novamente.',
    busy: 'O serviço não está disponível no momento. Tente novamente em instantes.',
    details: 'Não foi possível carregar seus dados. Tente novamente.',
    loop: 'O login não funcionou. Verifique a data e a hora do seu dispositivo e tente novamente.',
    network: 'Não foi possível conectar. Verifique sua conexão com a internet e tente novamente.',
    timeout: 'Isso está demorando demais. Verifique sua conexão com a internet e tente novamente.',
    offline: 'Você está offline. Conecte-se à internet e tente novamente.',
    storage: 'Seu navegador não salva dados deste site. Permita isso nas configurações do navegador e tente novamente.',
    popupBlocked: 'Seu navegador bloqueou a janela de login. Tente novamente para entrar nesta página.',
    popupClosed: 'A janela de login foi fechada antes de você entrar. Tente novamente.',
    formMissing: 'Não foi possível carregar o formulário de login. Tente novamente.',
    formFailed: 'O formulário de login parou de funcionar. Recarregue a página e tente novamente.',
  },
};
